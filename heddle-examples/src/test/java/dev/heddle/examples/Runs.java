package dev.heddle.examples;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Runs to report on.
final class Runs {
  private static final long MS = 1_000_000;

  private Runs() {}

  static Run small() {
    return of("JDK 25", "worker-1", census("java.util.List.add:(Ljava/lang/Object;)Z"));
  }

  static Run of(String title, String worker, PartialCensus census) {
    return new Run(title, Instant.parse("2026-01-02T03:04:05Z"), Duration.ofMillis(500),
        Duration.ofMillis(900), census,
        Skips.of(List.of(new Skips.Skip(Skips.Reason.BROKEN, "a.jar/B.class", "truncated"))),
        List.of("worker-3 (pid 7) was killed by signal 9"),
        List.of(new Run.WorkerShare(worker, 2, 5_000), new Run.WorkerShare("worker-2", 1, 700)),
        List.of(new TaskSpan(worker, 0, "count", "count-0", 0, 100 * MS),
            new TaskSpan(worker, 1, "count", "count-1", 50 * MS, 300 * MS),
            new TaskSpan("worker-2", 0, "merge", "merge-0", 310 * MS, 400 * MS)),
        List.of(new TransferSpan(worker, "worker-2", "count-1", 3_000, 301 * MS, 309 * MS)));
  }

  static PartialCensus census(String method) {
    return new PartialCensus(1_000, 4_200_000, 1_502, 502, Counts.of(Map.of(method, 1_000L)),
        Counts.of(Map.of("java.lang.Object", 999L)), Skips.NONE);
  }
}
