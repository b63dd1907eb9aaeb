package dev.heddle.process;

import java.util.List;

/// A scope that is in no other and has processes that live: something that was opened and is not closed.
///
/// @param id unique in this JVM
/// @param openedBy the calls that opened it, innermost first, at most 32
/// @param processes their names, in the order in which they were started
public record OpenScope(long id, String name, List<StackTraceElement> openedBy,
    List<String> processes) {
  public OpenScope {
    openedBy = List.copyOf(openedBy);
    processes = List.copyOf(processes);
  }
}
