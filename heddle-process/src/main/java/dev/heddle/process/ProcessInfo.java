package dev.heddle.process;

import java.time.Duration;
import java.util.List;

/// A process, at the moment of a snapshot.
///
/// @param threadId as [Thread#threadId], unique in this JVM
/// @param scopes the scopes around it, from the outermost to the one that supervises it
/// @param activity in words that follow its name: *running*, *waiting to receive from `control`*
/// @param since for how long it has been doing that
/// @param received how many items it has received from channels
/// @param sent how many items it has sent to channels
/// @param startedAt the line that started it, as in a stack trace
public record ProcessInfo(long threadId, String name, Kind kind, List<ScopeInfo> scopes,
    String activity,
    Duration since, long received, long sent, String startedAt) {

  public ProcessInfo {
    scopes = List.copyOf(scopes);
  }

  /// As in a sentence: `fetcher` (virtual) waiting to receive from `control` since 12 s.
  @Override
  public String toString() {
    return "`" + name + "` (" + Snapshot.word(kind) + ") " + activity + " since "
        + Waits.text(since);
  }
}
