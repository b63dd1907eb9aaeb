package dev.heddle.dashboard;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// Answers to questions, each asked again only when the last answer is a second old: those who ask the same
/// thing at the same time share one.
///
/// For any number of threads.
final class Freshly {
  private static final long FRESH_NANOS = 900_000_000L;
  private static final int QUESTIONS_MAX = 64;

  /// What is to be done to know.
  interface Asking {
    String ask() throws Exception;
  }

  private static final class Entry {
    final ReentrantLock lock = new ReentrantLock();
    String answer = "";
    long atNanos;
    boolean asked;
  }

  private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  String get(String question, Asking asking) throws Exception {
    var entry = entry(question);
    entry.lock.lockInterruptibly();
    try {
      if (!entry.asked || System.nanoTime() - entry.atNanos > FRESH_NANOS) {
        entry.answer = asking.ask();
        entry.asked = true;
        entry.atNanos = System.nanoTime();
      }
      return entry.answer;
    } finally {
      entry.lock.unlock();
    }
  }

  private synchronized Entry entry(String question) {
    var entry = entries.computeIfAbsent(question, _ -> new Entry());
    if (entries.size() > QUESTIONS_MAX) {
      entries.remove(entries.keySet().iterator().next());
    }
    return entry;
  }
}
