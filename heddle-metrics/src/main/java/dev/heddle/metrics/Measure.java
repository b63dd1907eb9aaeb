package dev.heddle.metrics;

import java.util.List;
import java.util.Locale;

/// Every metric: its name, and what it means. `docs/metrics.md` has them as a table, which a test holds to
/// this.
record Measure(Type type, Node node, String family, String meaning, List<String> labels) {

  // --- of any node

  static final Measure NODE = info(Node.ANY, "heddle_node",
      "which node this is", "name", "role", "java");
  static final Measure TURN_AVAILABLE = gauge(Node.ANY, "heddle_turn_available",
      "1 if the node's state machine could be asked for this scrape; 0 if its turn was not "
          + "to be had within a second, and then the metrics that come from it are missing");
  static final Measure TURN_HELD = gauge(Node.ANY, "heddle_turn_held_seconds",
      "for how long the thread that has the turn at the state machine has had it; 0 if none "
          + "has");
  static final Measure TURN_WAITING = gauge(Node.ANY, "heddle_turn_waiting_threads",
      "threads that wait for the turn at the state machine");
  static final Measure TURN_TAKEN = counter(Node.ANY, "heddle_turn_taken",
      "how often the turn at the state machine was taken");
  static final Measure PROCESSES = gauge(Node.ANY, "heddle_processes",
      "processes of the node (slot, link, clock…), by whether they run or wait", "process",
      "state");
  static final Measure PROCESS_CYCLES = gauge(Node.ANY, "heddle_process_cycles",
      "groups of processes of this JVM that wait for each other, so that none goes on; more "
          + "than 0 is a defect");
  static final Measure CHANNEL_ITEMS = gauge(Node.ANY, "heddle_channel_items",
      "what waits in the node's channels, those of one kind together", "channel");
  static final Measure CHANNEL_CAPACITY = gauge(Node.ANY, "heddle_channel_capacity_items",
      "how much those channels hold at most", "channel");
  static final Measure CONNECTIONS = gauge(Node.ANY, "heddle_connections",
      "open connections, by the role of the other end", "peer");
  static final Measure RECONNECTS = counter(Node.ANY, "heddle_reconnects",
      "how often somebody came back after a lost connection: to a scheduler workers and "
          + "clients, to a worker its scheduler and the store",
      "peer");
  static final Measure MEMORY = gauge(Node.ANY, "heddle_memory_bytes",
      "memory by kind: heap, and buffers outside of it, of the JVM; of a worker also values "
          + "(in whichever of them), spilled (values on disk, as they would be in memory) and "
          + "shared (memory shared with other workers of the host)",
      "kind");
  static final Measure MEMORY_LIMIT = gauge(Node.ANY, "heddle_memory_limit_bytes",
      "how much there may be of a kind, where that is bounded", "kind");

  // --- of a scheduler

  static final Measure TASKS = gauge(Node.SCHEDULER, "heddle_tasks",
      "tasks, by state", "state");
  static final Measure TASKS_SUCCEEDED = counter(Node.SCHEDULER, "heddle_tasks_succeeded",
      "how often a task gave a value on a worker");
  static final Measure TASK_FAILURES = counter(Node.SCHEDULER, "heddle_task_failures",
      "tasks that ended without a value, by kind: exception (of their function), "
          + "time_limit, worker_died, input_missing (nobody could give it), value_too_large, "
          + "cannot_travel, class_missing, cancelled, value_lost, dependency (something that they "
          + "need failed), other",
      "kind");
  static final Measure TASK_RERUNS = counter(Node.SCHEDULER, "heddle_task_reruns",
      "tasks that a worker had and that were given to a worker again, by cause: retried, "
          + "worker_died, worker_came (back, without it), given_back (the worker leaves, is full, "
          + "or another was idle), lacking (an input), needed_again (its value is gone, and "
          + "needed), missed, watchdog",
      "cause");
  static final Measure QUEUE_DURATION = histogram(Node.SCHEDULER,
      "heddle_task_queue_duration_seconds",
      "from when a task could run until it was given to a worker");
  static final Measure NAME_RUNS = counter(Node.SCHEDULER, "heddle_task_runs",
      "function calls that ended on workers, by the name of the task: the first 50 names, "
          + "the rest as other",
      "task");
  static final Measure NAME_SECONDS = counter(Node.SCHEDULER, "heddle_task_run_seconds",
      "how long those calls took, together", "task");
  static final Measure WORKERS = gauge(Node.SCHEDULER, "heddle_workers",
      "workers, by state: running, paused (its memory is full), retiring, balking (gives "
          + "tasks back), away (its connection is lost)",
      "state");
  static final Measure SLOTS = gauge(Node.SCHEDULER, "heddle_slots",
      "slots of all workers that are there, busy (with a task that was given to them) or "
          + "free",
      "state");
  static final Measure WORKER_ENDS = counter(Node.SCHEDULER, "heddle_worker_ends",
      "workers that ended: left (in order) or died", "how");
  static final Measure CLIENTS = gauge(Node.SCHEDULER, "heddle_clients",
      "clients, connected, or away and expected back", "state");
  static final Measure SETTLING = gauge(Node.SCHEDULER, "heddle_settling",
      "1 while a scheduler that was started anew waits for workers to come back, 0 "
          + "otherwise");
  static final Measure DEFECTS = counter(Node.SCHEDULER, "heddle_defects",
      "defects of the scheduler's that it noticed and put right; please report them");
  static final Measure STANDSTILLS = counter(Node.SCHEDULER, "heddle_standstills",
      "how often nothing moved for 30 s though something could");

  // --- of a worker

  static final Measure WORKER_TASKS = gauge(Node.WORKER, "heddle_worker_tasks",
      "tasks that the worker has: waiting or running", "state");
  static final Measure WORKER_SLOTS = gauge(Node.WORKER, "heddle_worker_slots",
      "how many functions it runs at once");
  static final Measure TASK_DURATION = histogram(Node.WORKER, "heddle_task_duration_seconds",
      "how long functions ran, with reading their inputs and until their result was there, "
          + "by result: succeeded or failed",
      "result");
  static final Measure WORKER_QUEUE_DURATION = histogram(Node.WORKER,
      "heddle_worker_queue_duration_seconds",
      "from when the worker was given a task until it had its inputs and a slot");
  static final Measure TRANSFER_DURATION = histogram(Node.WORKER,
      "heddle_transfer_duration_seconds",
      "requests to other workers that brought values, from the question to all of its "
          + "answer");
  static final Measure TRANSFER_VALUES = counter(Node.WORKER, "heddle_transfer_values",
      "values that these requests brought");
  static final Measure TRANSFER_BYTES = counter(Node.WORKER, "heddle_transfer_bytes",
      "how large these values were");
  static final Measure TRANSFER_FAILURES = counter(Node.WORKER, "heddle_transfer_failures",
      "requests to other workers that brought nothing: busy (asked again later, or "
          + "another), lost (the connection, or no answer in time)",
      "kind");
  static final Measure VALUES = gauge(Node.WORKER, "heddle_values",
      "values that the worker has, in memory or on disk");
  static final Measure SPILLED_VALUES = gauge(Node.WORKER, "heddle_spilled_values",
      "values that are on disk, also those that are in memory too");
  static final Measure SPILL_FILES = gauge(Node.WORKER, "heddle_spill_files_bytes",
      "what the files of values on disk take, compressed where that is worth it");
  static final Measure PAUSED = gauge(Node.WORKER, "heddle_paused",
      "1 while the worker takes no work because its memory is full");
  static final Measure LEAVING = gauge(Node.WORKER, "heddle_leaving",
      "1 while the worker leaves");
  static final Measure STORE_REACHED = gauge(Node.WORKER, "heddle_store_reached",
      "0 while the store of who has what cannot be reached");

  // --- of the process, under the names that other Java programs use too

  static final Measure JVM_MEMORY_USED = gauge(Node.ANY, "jvm_memory_used_bytes",
      "memory of the JVM in use", "area");
  static final Measure JVM_MEMORY_MAX = gauge(Node.ANY, "jvm_memory_max_bytes",
      "the most of it, where that is bounded", "area");
  static final Measure JVM_BUFFERS = gauge(Node.ANY, "jvm_buffer_pool_used_bytes",
      "memory of byte buffers outside of the heap", "pool");
  static final Measure JVM_GC = summary(Node.ANY, "jvm_gc_collection_seconds",
      "collections of garbage, and how long they took", "gc");
  static final Measure JVM_THREADS = gauge(Node.ANY, "jvm_threads_current",
      "platform threads");
  static final Measure PROCESS_CPU = counter(Node.ANY, "process_cpu_seconds",
      "processor time of the process");
  static final Measure PROCESS_START = gauge(Node.ANY, "process_start_time_seconds",
      "when it started, in seconds since 1970");
  static final Measure PROCESS_RESIDENT = gauge(Node.ANY, "process_resident_memory_bytes",
      "memory of the host that it takes, where the system tells");
  static final Measure PROCESS_FDS = gauge(Node.ANY, "process_open_fds",
      "files and sockets that it has open");
  static final Measure PROCESS_FDS_MAX = gauge(Node.ANY, "process_max_fds",
      "the most that it may have open");

  /// In the order of the documentation.
  static final List<Measure> ALL = List.of(NODE, TURN_AVAILABLE, TURN_HELD, TURN_WAITING,
      TURN_TAKEN, PROCESSES, PROCESS_CYCLES, CHANNEL_ITEMS, CHANNEL_CAPACITY, CONNECTIONS,
      RECONNECTS, MEMORY, MEMORY_LIMIT, TASKS, TASKS_SUCCEEDED, TASK_FAILURES, TASK_RERUNS,
      QUEUE_DURATION, NAME_RUNS, NAME_SECONDS, WORKERS, SLOTS, WORKER_ENDS, CLIENTS, SETTLING,
      DEFECTS, STANDSTILLS, WORKER_TASKS, WORKER_SLOTS, TASK_DURATION, WORKER_QUEUE_DURATION,
      TRANSFER_DURATION, TRANSFER_VALUES, TRANSFER_BYTES, TRANSFER_FAILURES, VALUES, SPILLED_VALUES,
      SPILL_FILES, PAUSED, LEAVING, STORE_REACHED, JVM_MEMORY_USED, JVM_MEMORY_MAX, JVM_BUFFERS,
      JVM_GC, JVM_THREADS, PROCESS_CPU, PROCESS_START, PROCESS_RESIDENT, PROCESS_FDS,
      PROCESS_FDS_MAX);

  enum Type {
    GAUGE, COUNTER, HISTOGRAM, SUMMARY, INFO;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Which nodes have it.
  enum Node {
    ANY, SCHEDULER, WORKER;

    String text() {
      return this == ANY ? "both" : name().toLowerCase(Locale.ROOT);
    }
  }

  /// @param family a counter's samples have `_total` after it, an info's `_info`
  Measure {
    labels = List.copyOf(labels);
  }

  private static Measure gauge(Node node, String family, String meaning, String... labels) {
    return new Measure(Type.GAUGE, node, family, meaning, List.of(labels));
  }

  private static Measure counter(Node node, String family, String meaning, String... labels) {
    return new Measure(Type.COUNTER, node, family, meaning, List.of(labels));
  }

  private static Measure histogram(Node node, String family, String meaning, String... labels) {
    return new Measure(Type.HISTOGRAM, node, family, meaning, List.of(labels));
  }

  private static Measure summary(Node node, String family, String meaning, String... labels) {
    return new Measure(Type.SUMMARY, node, family, meaning, List.of(labels));
  }

  private static Measure info(Node node, String family, String meaning, String... labels) {
    return new Measure(Type.INFO, node, family, meaning, List.of(labels));
  }

  /// Of its samples; a histogram's and a summary's without what follows: `_count`, `_sum`, `_bucket`.
  String sampleName() {
    return switch (type) {
      case COUNTER -> family + "_total";
      case INFO -> family + "_info";
      case GAUGE, HISTOGRAM, SUMMARY -> family;
    };
  }

  /// `seconds` or `bytes`; empty for what is merely counted.
  String unit() {
    if (family.endsWith("_seconds")) {
      return "seconds";
    }
    return family.endsWith("_bytes") ? "bytes" : "";
  }
}
