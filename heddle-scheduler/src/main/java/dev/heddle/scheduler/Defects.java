package dev.heddle.scheduler;

import java.util.ArrayList;
import java.util.List;

/// What should not have happened, was noticed and put right: for whoever keeps the log.
final class Defects {
  private static final int DEFECTS_MAX = 100;

  private final Tally tally;
  private List<String> defects = new ArrayList<>();
  private int omitted;

  Defects(Tally tally) {
    this.tally = tally;
  }

  void add(String defect) {
    tally.defects++;
    if (defects.size() < DEFECTS_MAX) {
      defects.add(defect);
    } else {
      omitted++;
    }
  }

  /// All since the last call.
  List<String> take() {
    if (defects.isEmpty()) {
      return List.of();
    }
    var taken = defects;
    if (omitted > 0) {
      taken.add(omitted + " more of the kind");
    }
    defects = new ArrayList<>();
    omitted = 0;
    return taken;
  }
}
