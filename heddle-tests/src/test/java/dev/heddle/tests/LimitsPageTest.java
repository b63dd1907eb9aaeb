package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.ClientOptions;
import dev.heddle.cluster.ClusterOptions;
import dev.heddle.code.CodeLimits;
import dev.heddle.metadata.MetadataProcess;
import dev.heddle.scheduler.SchedulerConfig;
import dev.heddle.values.ValueLimits;
import dev.heddle.wire.Key;
import dev.heddle.wire.Limits;
import dev.heddle.wire.Timeouts;
import dev.heddle.worker.WorkerOptions;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The figures of `docs/limits.md` that are fixed in the code are those of the code.
class LimitsPageTest {
  private static final String PAGE = String.join("\n", Page.of("docs/limits.md").lines());

  private static String bytes(long bytes) {
    if (bytes % (1L << 30) == 0) {
      return (bytes >> 30) + " GiB";
    }
    return bytes % (1L << 20) == 0 ? (bytes >> 20) + " MiB" : (bytes >> 10) + " KiB";
  }

  private static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  private static String seconds(Duration duration) {
    return duration.toSeconds() + " s";
  }

  /// The row that begins so has these figures.
  private static void says(String what, String... figures) {
    var rows = PAGE.lines().filter(line -> line.startsWith("| " + what)).toList();
    assertThat(rows).as("rows about '%s'", what).hasSize(1);
    for (var figure : figures) {
      assertThat(rows.getFirst()).containsPattern("(?<![\\d,])" + figure + "(?![\\d,]*\\d)");
    }
  }

  /// A constant that no other module is to see.
  private static long constant(String type, String name) throws ReflectiveOperationException {
    var field = Class.forName("dev.heddle." + type).getDeclaredField(name);
    field.setAccessible(true);
    return ((Number) field.get(null)).longValue();
  }

  @Test
  void ofMessagesAndConnections() {
    var limits = Limits.DEFAULT;
    says("a key |", count(Key.BYTES_MAX));
    says("a message without its large buffers", bytes(limits.frameBytesMax()));
    says("the large buffers of one message", bytes(limits.bulkBytesMax()));
    says("connections of a node", count(limits.connectionsMax()), count(limits.strangersMax()));
    says("messages that wait", count(limits.outboxMessagesMax()), bytes(limits.outboxBytesMax()));
  }

  @Test
  void ofValuesAndCode() throws Exception {
    var limits = ValueLimits.ofEnvironment(Map.of());
    says("objects and references in one value", count(limits.referencesMax()),
        count(limits.depthMax()));
    says("an array inside an object", count(limits.arrayLengthMax()));
    says("a resource or class file that travels", bytes(CodeLimits.RESOURCE_BYTES_MAX));
    says("a small result", bytes(constant("worker.Functions", "SMALL_BYTES_MAX")));
    says("a value that goes over in shared memory",
        bytes(constant("worker.SharedPool", "VALUE_BYTES_MIN")));
    says("neighbours that one task", count(constant("Fold", "WIDTH")));
  }

  @Test
  void ofTasks() throws Exception {
    says("tasks that a scheduler knows", count(constant("scheduler.Tasks", "TASKS_MAX")));
    says("functions that run at once", count(WorkerOptions.THREADS_MAX));
    says("deaths of workers", count(ClusterOptions.DEFAULT.allowedFailures()));
    says("what a task printed", bytes(constant("worker.Printed", "TASK_BYTES_MAX")),
        bytes(constant("worker.Printed", "WORKER_BYTES_MAX")));
    says("transitions for", count(constant("scheduler.Story", "LINES_MAX")),
        count(constant("worker.Story", "ENTRIES_MAX")));
    says("failed tasks whose inputs are kept",
        count(constant("scheduler.Recording", "TASKS_MAX")),
        bytes(constant("scheduler.Recording", "BYTES_MAX")));
  }

  @Test
  void ofTimes() throws Exception {
    var scheduler = SchedulerConfig.of("any");
    says("a peer without a sign of life", seconds(Timeouts.DEFAULT.silence()));
    says("a worker's entries stay", seconds(MetadataProcess.LEASE_DEFAULT));
    says("a client looks for", seconds(ClientOptions.DEFAULT.patience()));
    says("a scheduler keeps the tasks", seconds(scheduler.clientPatience()));
    says("a scheduler that was started anew", seconds(scheduler.settleWithin()));
    says("nothing moves", seconds(Duration.ofNanos(constant("scheduler.Watching", "STALL_NANOS"))));
  }
}
