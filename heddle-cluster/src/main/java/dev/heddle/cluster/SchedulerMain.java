package dev.heddle.cluster;

import dev.heddle.scheduler.Scheduler;
import dev.heddle.wire.Address;
import dev.heddle.wire.Secret;
import java.io.IOException;

/// The main program of a child process that is a scheduler.
///
/// Reads three lines: the address to listen on, the cluster's secret, and on how many dying workers
/// a task may have run. Prints `ready ADDRESS` when it takes requests.
public final class SchedulerMain {
  private SchedulerMain() {}

  public static void main(String[] arguments) throws Exception {
    var parent = new ChildMain();
    var listen = Address.parse(parent.line("address"));
    var secret = Secret.ofParent(parent.line("secret"));
    var allowedFailures = Integer.parseInt(parent.line("allowed failures"));
    try {
      var scheduler = Scheduler
          .start(LocalCluster.schedulerOptions(secret, listen, allowedFailures, true));
      parent.serveAt(scheduler.address(), () -> {});
    } catch (IOException e) {
      ChildMain.fail("scheduler", e);
    }
  }
}
