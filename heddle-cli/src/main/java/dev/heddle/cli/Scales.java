package dev.heddle.cli;

import dev.heddle.scheduler.CoreLoad;

/// What a task costs the core of the scheduler as workers and tasks grow: workers that finish at once, no network.
record Scales(int tasksMost) implements Bench {
  private static final int[] WORKERS = {2, 10, 100, 1_000};
  private static final int WORKERS_USUAL = 10;
  private static final int TASKS_LEAST = 10_000;

  @Override
  public Measured once() {
    var started = System.nanoTime();
    var measured = new Measured(0, 0);
    var ran = 0L;
    var few = Math.min(tasksMost, 100_000);
    for (var workers : WORKERS) {
      measured = measured.with("microsPerTaskOn" + workers + "Workers", micros(workers, few));
      ran += few;
    }
    for (var tasks = Math.min(tasksMost, TASKS_LEAST);; tasks = Math.min(tasks * 10, tasksMost)) {
      measured = measured.with("microsPerTaskOf" + tasks + "Tasks", micros(WORKERS_USUAL, tasks));
      ran += tasks;
      if (tasks == tasksMost) {
        return new Measured(System.nanoTime() - started, ran, measured.figures());
      }
    }
  }

  private static double micros(int workers, int tasks) {
    return CoreLoad.run(workers, tasks) / 1e3 / tasks;
  }
}
