package dev.heddle.metrics;

import dev.heddle.wire.Message.NodeProcesses;
import dev.heddle.worker.Worker;
import dev.heddle.worker.WorkerFigures;
import java.util.List;
import java.util.Map;

/// A worker.
record WatchedWorker(Worker worker) implements Watched {
  @Override
  public String name() {
    return worker.info().id().name();
  }

  @Override
  public String role() {
    return "worker";
  }

  @Override
  public NodeProcesses processes() {
    return worker.processes();
  }

  @Override
  public Map<String, Integer> connections() {
    return worker.connections();
  }

  @Override
  public boolean hasEnded() {
    return worker.hasEnded();
  }

  @Override
  public boolean tell(Sheet sheet) throws InterruptedException {
    var figures = worker.figures(TURN_MILLIS);
    figures.ifPresent(now -> tell(sheet, now));
    return figures.isPresent();
  }

  private static void tell(Sheet sheet, WorkerFigures now) {
    sheet.gauge(Measure.WORKER_TASKS, now.waiting(), "waiting");
    sheet.gauge(Measure.WORKER_TASKS, now.running(), "running");
    sheet.gauge(Measure.WORKER_SLOTS, now.slots());
    sheet.histogram(Measure.TASK_DURATION, now.ran().succeeded(), "succeeded");
    sheet.histogram(Measure.TASK_DURATION, now.ran().failed(), "failed");
    sheet.histogram(Measure.WORKER_QUEUE_DURATION, now.queueTimes());
    var transfers = now.transfers();
    sheet.histogram(Measure.TRANSFER_DURATION, transfers.durations());
    sheet.counter(Measure.TRANSFER_VALUES, transfers.values());
    sheet.counter(Measure.TRANSFER_BYTES, transfers.bytes());
    sheet.counter(Measure.TRANSFER_FAILURES, transfers.busy(), "busy");
    sheet.counter(Measure.TRANSFER_FAILURES, transfers.lost(), "lost");
    sheet.gauge(Measure.VALUES, now.values());
    var memory = now.memory();
    sheet.gauge(Measure.MEMORY, memory.valuesBytes(), "values");
    sheet.gauge(Measure.MEMORY_LIMIT, memory.valuesBytesMax(), "values");
    sheet.gauge(Measure.MEMORY, memory.spilledBytes(), "spilled");
    sheet.gauge(Measure.MEMORY, memory.sharedBytes(), "shared");
    sheet.gauge(Measure.SPILLED_VALUES, memory.spilled());
    sheet.gauge(Measure.SPILL_FILES, memory.filesBytes());
    sheet.counter(Measure.RECONNECTS, now.schedulersBack(), "scheduler");
    sheet.counter(Measure.RECONNECTS, now.storeBack(), "store");
    sheet.flag(Measure.PAUSED, !now.paused().isEmpty());
    sheet.flag(Measure.LEAVING, now.leaving());
    sheet.flag(Measure.STORE_REACHED, now.storeAway().isEmpty());
  }

  @Override
  public List<Check> readiness() throws InterruptedException {
    return worker.figures(TURN_MILLIS)
        .map(now -> List.of(
            new Check("store", now.storeAway().isEmpty(), now.storeAway().orElse("joined")),
            new Check("memory", now.paused().isEmpty(),
                now.paused().isEmpty() ? "takes work" : "takes no work: " + now.paused()),
            new Check("staying", !now.leaving(),
                now.leaving() ? "it is leaving, and takes no work" : "it is not leaving")))
        .orElse(List.of(Watched.busy()));
  }
}
