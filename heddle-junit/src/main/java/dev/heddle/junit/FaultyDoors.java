package dev.heddle.junit;

import dev.heddle.cluster.Doors;
import dev.heddle.process.Kind;
import dev.heddle.process.ProcessScope;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The doors of a cluster: they count messages, and do what the plan says.
///
/// For any number of threads.
final class FaultyDoors implements Doors, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FaultyDoors.class);
  private static final int ROLE_CLIENT = 0;
  private static final int ROLE_SCHEDULER = 2;
  private static final Pattern WORKER = Pattern.compile("worker-([1-9]\\d{0,5})");

  private final FaultPlan plan;
  private final FaultLog played;
  private final Consumer<String> crash;
  private final ProcessScope scope = ProcessScope.supervising("faults",
      failure -> log.error("a process that plays faults failed", failure));
  private volatile boolean areOn;

  // Guarded by this.
  private final Map<String, Integer> connections = new HashMap<>();
  private final Map<String, Integer> lives = new HashMap<>();

  /// @param crash has a worker die, by its name; does not wait for it
  FaultyDoors(FaultPlan plan, FaultLog played, Consumer<String> crash) {
    this.plan = plan;
    this.played = played;
    this.crash = crash;
  }

  /// From now on messages are counted, and things go wrong.
  void begin() {
    areOn = true;
  }

  /// From now on nothing goes wrong any more.
  void end() {
    areOn = false;
  }

  boolean areOn() {
    return areOn;
  }

  @Override
  public Door before(String node) throws IOException {
    int life;
    synchronized (this) {
      life = lives.merge(node, 1, Integer::sum);
    }
    return new FaultyDoor(this, node, life);
  }

  /// After how many messages with schedulers this life ends; the largest number for never.
  long lifeOf(String worker, int life) {
    var name = WORKER.matcher(worker);
    var lives = name.matches()
        ? plan.livesOf(Integer.parseInt(name.group(1)) - 1)
        : List.<Long>of();
    return life <= lives.size() ? lives.get(life - 1) : Long.MAX_VALUE;
  }

  /// What happens on the next connection between the two.
  FaultyLink.Planned next(FrameScanner.Speaker dialer, String listener) {
    // A client's name has the process id in it, which is another in each run.
    var name = dialer.role() == ROLE_CLIENT && dialer.name().startsWith("client-")
        ? "client"
        : dialer.name();
    int number;
    synchronized (this) {
      number = connections.merge(name + " → " + listener, 1, Integer::sum);
    }
    return new FaultyLink.Planned(dialer.name() + " → " + listener + " (connection " + number + ")",
        dialer.role() == ROLE_SCHEDULER, plan.stepsOf(name, listener, number));
  }

  void crash(String worker, long afterMessages) {
    played.add(worker + " dies, after " + afterMessages + " messages with the scheduler");
    crash.accept(worker);
  }

  void played(String what) {
    played.add(what);
  }

  void start(String name, dev.heddle.process.Body body) {
    scope.start(name, Kind.VIRTUAL, body);
  }

  @Override
  public void close() {
    end();
    scope.stop();
    scope.close();
  }
}
