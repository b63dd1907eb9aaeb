package dev.heddle.scheduler;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// What the core of a scheduler is told once.
///
/// @param namespace its part of keys, see [dev.heddle.wire.TaskKeys]
/// @param allowedFailures on so many dying workers a task may have run before it fails
/// @param clientPatience for how long a client that lost its connection keeps its tasks
/// @param settleWithin after its start, for so long it waits for workers that returning clients knew
///     before it computes again what they may hold
/// @param deathReportWithin for so long it waits to be told why a worker died, before a task fails
///     for that
/// @param queueAhead the work that a worker has in hand beyond what runs, measured in time
public record SchedulerConfig(String namespace, int allowedFailures, Duration clientPatience,
    Duration settleWithin, Duration deathReportWithin, Duration queueAhead) {
  /// For people.
  Map<String, String> facts() {
    var facts = new LinkedHashMap<String, String>();
    facts.put("allowed failures", String.valueOf(allowedFailures));
    facts.put("client patience", clientPatience.toMillis() + " ms");
    facts.put("settles within", settleWithin.toMillis() + " ms");
    facts.put("death report within", deathReportWithin.toMillis() + " ms");
    facts.put("queued ahead", queueAhead.toMillis() + " ms");
    return facts;
  }

  public static SchedulerConfig of(String namespace) {
    return new SchedulerConfig(namespace, 3, Duration.ofSeconds(30), Duration.ofSeconds(10),
        Duration.ofSeconds(1), Duration.ofMillis(5));
  }
}
