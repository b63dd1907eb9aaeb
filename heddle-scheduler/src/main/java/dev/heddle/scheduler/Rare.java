package dev.heddle.scheduler;

import java.util.ArrayList;
import java.util.List;

/// What only few tasks have. Owned by its [Task].
final class Rare {
  /// A client that wants the task under a number of its own.
  record Want(Client client, long number) {}

  /// Those beside the task's owner.
  final List<Want> wants = new ArrayList<>(1);
  /// Under how many names it is published.
  int published;
  int retriesUsed;
  /// How often its inputs could not be had.
  int lackings;
  /// On which dying workers it ran.
  final List<Death> deaths = new ArrayList<>(0);

  boolean wanted() {
    return published > 0 || !wants.isEmpty();
  }
}
