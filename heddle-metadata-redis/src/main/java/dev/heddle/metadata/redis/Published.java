package dev.heddle.metadata.redis;

import dev.heddle.wire.Address;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Change;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.util.ArrayList;
import java.util.List;

/// Reads what the scripts publish: a change a line, its fields separated by tabs.
final class Published {
  private Published() {}

  /// @throws IllegalArgumentException
  ///           if `message` was not written by our scripts
  static List<Change> parse(String message) {
    var changes = new ArrayList<Change>();
    for (var line : message.split("\n", -1)) {
      changes.add(change(line.split("\t", -1)));
    }
    return changes;
  }

  private static Change change(String[] fields) {
    try {
      var worker = new WorkerId(fields[1], Long.parseLong(fields[2]));
      return switch (fields[0]) {
        case "registered" -> new Change.Registered(worker, Key.of(fields[3]),
            Long.parseLong(fields[4]));
        case "unregistered" -> new Change.Unregistered(worker, Key.of(fields[3]));
        case "joined" -> new Change.Joined(worker(fields, 1));
        case "left" -> new Change.Left(worker);
        default -> throw new IllegalArgumentException("unknown kind");
      };
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw new IllegalArgumentException("cannot read the change '" + String.join(" ", fields)
          + "'; does somebody else publish on Heddle's channel?", e);
    }
  }

  /// Name, incarnation, address, port, machine, pid and threads, from `fields[start]` on.
  static WorkerInfo worker(String[] fields, int start) {
    return new WorkerInfo(new WorkerId(fields[start], Long.parseLong(fields[start + 1])),
        new Address(fields[start + 2], Integer.parseInt(fields[start + 3])), fields[start + 4],
        Long.parseLong(fields[start + 5]), Integer.parseInt(fields[start + 6]));
  }
}
