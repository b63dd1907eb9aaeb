package dev.heddle.metrics;

import dev.heddle.scheduler.Scheduler;
import dev.heddle.scheduler.SchedulerFigures;
import dev.heddle.wire.Message.NodeProcesses;
import java.util.List;
import java.util.Map;

/// A scheduler.
record WatchedScheduler(Scheduler scheduler) implements Watched {
  @Override
  public String name() {
    return scheduler.name();
  }

  @Override
  public String role() {
    return "scheduler";
  }

  @Override
  public NodeProcesses processes() {
    return scheduler.processes();
  }

  @Override
  public Map<String, Integer> connections() {
    return scheduler.connections();
  }

  @Override
  public boolean hasEnded() {
    return scheduler.hasEnded();
  }

  @Override
  public boolean tell(Sheet sheet) throws InterruptedException {
    var figures = scheduler.figures(TURN_MILLIS);
    figures.ifPresent(now -> tell(sheet, now));
    return figures.isPresent();
  }

  private static void tell(Sheet sheet, SchedulerFigures now) {
    now.tasks().forEach((state, count) -> sheet.gauge(Measure.TASKS, count, state));
    sheet.counter(Measure.TASKS_SUCCEEDED, now.succeeded());
    now.failures().forEach((kind, count) -> sheet.counter(Measure.TASK_FAILURES, count, kind));
    now.reruns().forEach((cause, count) -> sheet.counter(Measure.TASK_RERUNS, count, cause));
    sheet.histogram(Measure.QUEUE_DURATION, now.queueTimes());
    for (var named : now.names()) {
      sheet.counter(Measure.NAME_RUNS, named.runs(), named.name());
      sheet.counter(Measure.NAME_SECONDS, named.nanos() / 1e9, named.name());
    }
    now.workers().forEach((state, count) -> sheet.gauge(Measure.WORKERS, count, state));
    sheet.gauge(Measure.SLOTS, now.slotsBusy(), "busy");
    sheet.gauge(Measure.SLOTS, now.slots() - now.slotsBusy(), "free");
    sheet.counter(Measure.WORKER_ENDS, now.workersLeft(), "left");
    sheet.counter(Measure.WORKER_ENDS, now.workersDied(), "died");
    sheet.counter(Measure.RECONNECTS, now.workersBack(), "worker");
    sheet.counter(Measure.RECONNECTS, now.clientsBack(), "client");
    sheet.gauge(Measure.CLIENTS, now.clients(), "connected");
    sheet.gauge(Measure.CLIENTS, now.clientsAway(), "away");
    sheet.flag(Measure.SETTLING, now.settling());
    sheet.counter(Measure.DEFECTS, now.defects());
    sheet.counter(Measure.STANDSTILLS, now.standstills());
  }

  @Override
  public List<Check> readiness() throws InterruptedException {
    return scheduler.figures(TURN_MILLIS)
        .map(now -> List.of(
            new Check("listening", true, "at " + scheduler.address()),
            new Check("settled", !now.settling(), now.settling()
                ? "it was started anew, and waits for workers that may have values"
                : "it waits for nobody")))
        .orElse(List.of(Watched.busy()));
  }
}
