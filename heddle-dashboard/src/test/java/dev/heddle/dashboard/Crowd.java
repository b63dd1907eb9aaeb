package dev.heddle.dashboard;

import dev.heddle.scheduler.Scheduler;
import dev.heddle.wire.Address;
import dev.heddle.wire.Connection;
import dev.heddle.wire.ConnectionHandler;
import dev.heddle.wire.Endpoint;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Incoming;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Activity;
import dev.heddle.wire.Message.TaskEnd;
import dev.heddle.wire.Message.Vitals;
import dev.heddle.wire.Secret;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Many workers in one JVM that run nothing: each has a connection of its own, says of each task at once that it is
/// done, and remembers that it ran and, now and then, that it fetched something.
final class Crowd implements AutoCloseable {
  private static final int SLOTS = 2;
  private static final int FETCHES_EVERY = 10;
  private static final long MEMORY_BYTES = 1L << 30;
  private static final int VALUE_BYTES = 4_096;

  private final List<Member> members = new ArrayList<>();
  /// Whether they say what they did.
  private volatile boolean tells = true;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

  Crowd(Scheduler scheduler, Secret secret, int count) throws Exception {
    for (var i = 1; i <= count; i++) {
      var member = new Member("crowd-" + i, secret, i);
      members.add(member);
      scheduler.store().join(member.info, Duration.ofHours(1));
    }
    var _ = clock.scheduleAtFixedRate(() -> members.forEach(Member::beat), 1, 1, TimeUnit.SECONDS);
  }

  /// One of them. What is below is guarded by it.
  private final class Member implements ConnectionHandler {
    final WorkerInfo info;
    private final int place;
    private final Endpoint endpoint;
    private final List<Activity> did = new ArrayList<>();
    private @Nullable Connection scheduler;
    private long assigns;
    private long values;

    Member(String name, Secret secret, int place) throws Exception {
      this.place = place;
      endpoint = new Endpoint(EndpointConfig.of(Hello.Role.WORKER, name, secret), this);
      info = new WorkerInfo(new WorkerId(name, place), endpoint.listen(new Address("127.0.0.1", 0)),
          "host-" + place % 100, ProcessHandle.current().pid(), SLOTS);
    }

    @Override
    public synchronized void received(Connection from, List<Incoming> batch) {
      for (var incoming : batch) {
        switch (incoming) {
          case Incoming.Asked(var correlation, var request) ->
            from.reply(correlation, answer(from, request));
          case Incoming.Noticed(Message.Assign assign) -> ran(from, assign);
          case Incoming.Noticed(Message.Release(var keys)) -> values -= keys.size();
          case Incoming.Noticed _ -> {
            // It has no use for functions.
          }
        }
      }
    }

    private Message.Response answer(Connection from, Message.Request request) {
      return switch (request) {
        case Message.Attach _ -> {
          scheduler = from;
          from.notice(new Message.Holding(List.of(), List.of()));
          yield new Message.Attached(SLOTS, Map.of(), MEMORY_BYTES);
        }
        case Message.AskInfo() -> new Message.NodeInfo("worker", info.id().name(), info.address(),
            info.host(), info.pid(), 0, Map.of());
        case Message.AskActivities(var after, var limit) when tells -> {
          var first = (int) Math.min(after, did.size());
          var last = (int) Math.min(did.size(), (long) first + limit);
          yield new Message.Activities(List.copyOf(did.subList(first, last)), last, false,
              last < did.size());
        }
        default -> new Message.Refused(Message.Reason.UNKNOWN_OPERATION, "not here: " + request);
      };
    }

    private void ran(Connection from, Message.Assign assign) {
      var now = System.currentTimeMillis() * 1_000;
      did.add(new Activity.Ran(assign.key(), 1 + did.size() % SLOTS, now - 900, now, true));
      if (did.size() % FETCHES_EVERY == 0) {
        var other = members.get((place * 7 + did.size()) % members.size()).info.id().name();
        did.add(new Activity.Fetched(other, Key.of("block-abcdefghi-" + place), 1,
            1_000L * place, now - 800, now - 100));
      }
      assigns++;
      values++;
      from.notice(new Message.Ended(assign.task(),
          new TaskEnd.Ready("double[]", VALUE_BYTES, 900_000, Optional.empty())));
    }

    synchronized void beat() {
      if (scheduler instanceof Connection to) {
        to.notice(new Message.Beat(assigns, List.of(), List.of(), values, values * VALUE_BYTES, 0,
            Vitals.UNKNOWN, "", List.of()));
        to.flush();
      }
    }
  }

  /// From now on they do not say what they did.
  void hush() {
    tells = false;
  }

  @Override
  public void close() {
    clock.shutdownNow();
    members.forEach(member -> member.endpoint.close());
  }
}
