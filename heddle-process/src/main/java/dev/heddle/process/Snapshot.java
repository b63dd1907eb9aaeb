package dev.heddle.process;

import java.util.List;
import java.util.Locale;

/// The processes and channels of this JVM, as they were at one moment. Each of them is read by
/// itself while all of them go on, so two of them may be a few microseconds apart.
///
/// @param processes those of one scope next to each other, in the order in which they were started
/// @param channels by name
/// @param turns by name
/// @param cycles of processes that wait for each other, so that none of them goes on: a text a cycle,
///     a line of it a process
public record Snapshot(List<ProcessInfo> processes, List<ChannelInfo> channels,
    List<TurnInfo> turns, List<String> cycles) {

  public Snapshot {
    processes = List.copyOf(processes);
    channels = List.copyOf(channels);
    turns = List.copyOf(turns);
    cycles = List.copyOf(cycles);
  }

  /// To be read by people, a tree of scopes with their processes, then the channels:
  /// ```
  /// worker-3
  ///   control           platform  waiting to receive from `events` since 12 s   1207 in, 980 out
  ///   connections
  ///     10.0.0.7:40312  virtual   reading from 10.0.0.7:40312 since 0.2 s       0 in, 1207 out
  /// channels
  ///   events            0 of 1024   1207 sent
  /// ```
  ///
  public String tree() {
    return SnapshotTree.of(this);
  }

  static String word(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
