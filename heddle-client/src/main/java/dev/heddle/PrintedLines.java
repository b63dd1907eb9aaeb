package dev.heddle;

import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.WorkerInfo;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/// Asks all workers what a task printed: each of them may have run it.
final class PrintedLines {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final ClientCore core;
  // Guarded by itself.
  private final List<Line> lines = new ArrayList<>();

  /// @param at by the clock of the worker
  private record Line(Instant at, String text) {}

  PrintedLines(ClientCore core) {
    this.core = core;
  }

  /// @return what is left of it, a line each in the order of time
  String of(Key key) throws InterruptedException {
    var workers = core.session().workersNow();
    var ended = new CountDownLatch(workers.size());
    workers.forEach(worker -> core.callbacks().execute(() -> {
      try {
        ask(worker, key);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        ended.countDown();
      }
    }));
    ended.await();
    synchronized (lines) {
      return lines.stream().sorted(Comparator.comparing(Line::at)).map(Line::text)
          .collect(Collectors.joining("\n"));
    }
  }

  private void ask(WorkerInfo worker, Key key) throws InterruptedException {
    var name = worker.id().name();
    try {
      if (core.session().workers().to(worker.address()).call(new Message.AskOutput(key),
          TIMEOUT) instanceof Message.Text(var text, _)) {
        text.lines().forEach(line -> {
          var end = line.indexOf(' ');
          add(Instant.parse(line.substring(0, end)), name, line.substring(end).stripLeading());
        });
      }
    } catch (IOException e) {
      add(Instant.now(), name, "...  it does not say what was printed there: " + e.getMessage());
    }
  }

  private void add(Instant at, String worker, String rest) {
    synchronized (lines) {
      lines.add(new Line(at, at + "  " + worker + "  " + rest));
    }
  }
}
