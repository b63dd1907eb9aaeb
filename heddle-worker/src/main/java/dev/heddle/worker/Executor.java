package dev.heddle.worker;

import dev.heddle.process.Channel;
import dev.heddle.process.ChannelDoneException;
import dev.heddle.process.FlightEvents;
import dev.heddle.process.Kind;
import dev.heddle.process.NamedProcess;
import dev.heddle.process.ProcessScope;
import dev.heddle.process.ScopeStoppedException;
import dev.heddle.wire.Key;
import dev.heddle.wire.LongMap;
import dev.heddle.worker.WorkerCommand.Execute;
import dev.heddle.worker.WorkerEvent.ExecutionEnded;
import dev.heddle.worker.WorkerEvent.SlotTaken;
import dev.heddle.worker.WorkerEvent.SlotYielded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs functions: one process a slot, on a platform thread, so that a function that burns its core
/// takes nothing from the links; and one virtual process for each function that mostly waits. A
/// function that waits for another keeps its thread and gives its slot away, so there is one process
/// more for as long as that lasts.
///
/// - In: `executions`, from the core, never more than there are slots free.
/// - Out: one [ExecutionEnded] for each, to the core; before that, when its slot is given away and
///   taken back.
final class Executor implements RunningTask.Slots {
  /// How many functions may wait for others at once: each keeps a thread.
  static final int WAITING_MAX = 4_000;
  private static final Logger LOG = LoggerFactory.getLogger(Executor.class);

  private final String worker;
  private final int threads;
  private final Functions functions;
  private final ActivityLog log;
  private final Niceness niceness;
  private final Channel<Execution> executions;
  private final ProcessScope scope;
  /// A slot's thread is given what its own report leads to.
  private final Map<Thread, Slot> slots = new ConcurrentHashMap<>();
  private final LongAdder called = new LongAdder();
  private volatile @Nullable Control control;

  // Guarded by this.
  /// By attempt.
  private final LongMap<Execution> running = new LongMap<>();
  private int slotsAlive;
  /// Executions that need a slot's thread and have not ended, also those that wait.
  private int underWay;
  private int waiting;
  private int slotsStarted;

  Executor(RunningTask.Node node, WorkerOptions options, ActivityLog log, ProcessScope scope) {
    this.worker = node.name();
    this.threads = options.threads();
    this.functions = new Functions(node, this, options.valueBytesMax(), options.checks());
    this.log = log;
    this.niceness = Niceness.by(options.nice());
    this.scope = scope;
    this.executions = Channel.bounded("executions " + worker, threads + WAITING_MAX);
  }

  synchronized void start(Control to) {
    control = to;
    while (slotsAlive < threads) {
      startSlot();
    }
  }

  private void startSlot() {
    slotsAlive++;
    var number = ++slotsStarted;
    var name = worker + "/slot-" + number;
    scope.start(name, Kind.PLATFORM, () -> runSlot(name, number));
  }

  private void runSlot(String name, int number) throws InterruptedException {
    var process = NamedProcess.current().orElseThrow();
    var slot = new Slot();
    slots.put(Thread.currentThread(), slot);
    try {
      while (!isSurplus() && executions.receiveOrDone() instanceof Execution first) {
        for (var execution = first; execution != null;) {
          execution = endedOnSlot(slot, run(execution, name, number));
          if (execution != null) {
            process.countReceived(1);
          }
        }
      }
    } finally {
      slots.remove(Thread.currentThread());
    }
  }

  /// Whether this process is one more than is needed, now that others wait no longer.
  private synchronized boolean isSurplus() {
    if (slotsAlive > threads && slotsAlive > underWay) {
      slotsAlive--;
      return true;
    }
    return false;
  }

  /// @return what to run next on this slot
  private @Nullable Execution endedOnSlot(Slot slot, ExecutionEnded ended) {
    synchronized (this) {
      underWay--;
    }
    return control instanceof Control to ? slot.report(to, ended) : null;
  }

  private void runBlocking(Execution execution, String name) {
    report(run(execution, name, 0));
  }

  private ExecutionEnded run(Execution execution, String name, int slot) {
    var command = execution.command;
    var key = command.key();
    var started = System.nanoTime();
    ExecutionEnded ended;
    var event = FlightEvents.arePrepared() && TaskEvent.isOn() ? new TaskEvent() : null;
    if (event != null) {
      event.begin();
    }
    try {
      if (execution.begin(name, started)) {
        called.increment();
        ended = functions.run(command);
      } else {
        ended = functions.cancelled(command);
      }
    } finally {
      execution.end();
      synchronized (this) {
        running.remove(command.attempt());
      }
    }
    if (event != null) {
      event.key = key.text();
      event.slot = slot;
      event.succeeded = ended instanceof ExecutionEnded.Succeeded;
      event.commit();
    }
    log.ran(key, slot, started, System.nanoTime(), outcome(ended));
    return ended;
  }

  private static ActivityLog.Outcome outcome(ExecutionEnded ended) {
    return switch (ended) {
      case ExecutionEnded.Succeeded _ -> ActivityLog.Outcome.SUCCEEDED;
      case ExecutionEnded.Raised raised when raised.runNanos() > 0 -> ActivityLog.Outcome.FAILED;
      case ExecutionEnded.Raised _,ExecutionEnded.InputsLost _ -> ActivityLog.Outcome.NOT_CALLED;
    };
  }

  private void report(WorkerEvent event) {
    if (control instanceof Control to) {
      to.report(event);
    }
  }

  /// Never waits: the core has no more executions under way than there are slots, beside those that
  /// wait.
  void execute(Execute command) {
    var execution = new Execution(command, worker);
    try {
      if (command.work().blocking()) {
        var name = worker + "/blocking";
        hold(execution);
        scope.start(name + " " + command.key(), Kind.VIRTUAL, () -> runBlocking(execution, name));
      } else {
        needSlot(execution);
        if (!(slots.get(Thread.currentThread()) instanceof Slot slot && slot.offer(execution))
            && !executions.offer(execution)) {
          throw new IllegalStateException("more executions than slots");
        }
      }
    } catch (ChannelDoneException | ScopeStoppedException e) {
      LOG.debug("'{}' does not begin, since the worker ends", command.key(), e);
    }
  }

  private synchronized void hold(Execution execution) {
    running.put(execution.command.attempt(), execution);
  }

  private synchronized @Nullable Execution running(long attempt) {
    return running.get(attempt);
  }

  private synchronized List<Execution> running() {
    return running.values();
  }

  private synchronized void needSlot(Execution execution) {
    running.put(execution.command.attempt(), execution);
    if (++underWay > slotsAlive) {
      startSlot();
    }
  }

  // --- a function waits

  @Override
  public void giveSlot(Execute command) {
    if (command.work().blocking()
        || !(running(command.attempt()) instanceof Execution execution)) {
      return;
    }
    if (execution.waits()) {
      oneMoreWaits(execution);
      report(new SlotYielded(command.key(), command.attempt()));
    }
  }

  private synchronized void oneMoreWaits(Execution execution) {
    if (waiting >= WAITING_MAX) {
      var _ = execution.goesOn();
      throw new IllegalStateException("'" + execution.command.key() + "' cannot wait for another"
          + " task on the worker " + worker + ": " + waiting + " functions there wait for others"
          + " already, as many as may, since each keeps a thread; submit what they wait for as"
          + " their inputs instead, or mark them as blocking");
    }
    waiting++;
  }

  @Override
  public void takeSlot(Execute command) {
    if (command.work().blocking()
        || !(running(command.attempt()) instanceof Execution execution)) {
      return;
    }
    if (execution.goesOn()) {
      oneLessWaits();
      report(new SlotTaken(command.key(), command.attempt()));
    }
  }

  private synchronized void oneLessWaits() {
    waiting--;
  }

  // --- the end

  /// Begins nothing more, and interrupts what runs. A slot ends by this rather than by an interrupt
  /// of its own, which the function that runs in it might swallow.
  void close() {
    executions.done();
    running().forEach(Execution::cancel);
  }

  void interrupt(long attempt) {
    if (running(attempt) instanceof Execution execution) {
      execution.cancel();
    }
  }

  /// Functions that go on though they were cancelled before `beforeNanos`.
  List<Execution.Stuck> stuckSince(long beforeNanos) {
    var stuck = new ArrayList<Execution.Stuck>();
    for (var execution : running()) {
      if (execution.stuckSince(beforeNanos) instanceof Execution.Stuck one) {
        stuck.add(one);
      }
    }
    return stuck;
  }

  /// Names the threads after the keys of functions that were short so far, and are not this time.
  ///
  /// @param beforeNanos when they began at the latest
  void nameLong(long beforeNanos) {
    running().forEach(execution -> execution.nameIfBegun(beforeNanos));
  }

  /// Makes the slots' threads whose functions run long give way to what else runs on the host.
  ///
  /// @param beforeNanos when they began at the latest
  void giveWay(long beforeNanos) {
    var threads = new ArrayList<String>();
    for (var execution : running()) {
      execution.threadIfBegun(beforeNanos).map(slots::get).flatMap(Slot::toGiveWay)
          .ifPresent(threads::add);
    }
    niceness.lower(threads);
  }

  /// How many functions were called since the start.
  long called() {
    return called.sum();
  }

  /// Keys whose functions run now.
  List<Key> runningKeys() {
    return running().stream().map(execution -> execution.command.key()).sorted().toList();
  }
}
