package dev.heddle.scheduler;

import dev.heddle.wire.Key;
import java.util.List;
import java.util.stream.Collectors;

/// The end of a worker, as seen by the tasks that probably ran there.
final class Death {
  /// How many of the tasks are named.
  static final int NAMED_MAX = 8;

  final String worker;
  final long pid;
  /// How it was when it last said so; empty if it never did.
  private final String lastWord;
  /// The first [#NAMED_MAX] that ran there.
  final List<Key> ran;
  private String cause;
  private boolean explained;

  Death(String worker, long pid, String lastWord, String cause, boolean explained, List<Key> ran) {
    this.worker = worker;
    this.pid = pid;
    this.lastWord = lastWord;
    this.cause = cause;
    this.explained = explained;
    this.ran = List.copyOf(ran);
  }

  boolean explained() {
    return explained;
  }

  void explain(String better) {
    cause = better;
    explained = true;
  }

  /// For people, as a task that ran there sees it.
  String text(Key self) {
    var others = ran.stream().filter(key -> !key.equals(self)).map(Key::text)
        .collect(Collectors.joining("', '"));
    var isNamed = cause.startsWith(worker + " (pid ");
    return (isNamed ? "" : worker + " (pid " + pid + "): ") + cause
        + (lastWord.isEmpty() ? "" : "\n  " + lastWord)
        // What a process said last is several lines, which nothing of ours is to be a part of.
        + (lastWord.isEmpty() && cause.indexOf('\n') >= 0 ? "\n  " : "; ")
        + (others.isEmpty() ? "nothing else ran there" : "there ran also '" + others + "'");
  }
}
