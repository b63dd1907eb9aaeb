package dev.heddle.simulation;

import dev.heddle.wire.Address;
import dev.heddle.wire.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Connections: what one side says reaches the other in order, later, or never; then both learn that
/// the connection has ended, each in its time. Between two addresses, nothing may get through for a
/// while, in one direction or both: then it comes later, unless somebody lost patience.
public final class Network {
  /// What comes in, beside answers.
  public sealed interface Incoming {
    record Asked(long correlation, Message.Request request) implements Incoming {}

    record Noticed(Message.Notice notice) implements Incoming {}
  }

  /// How a request ended. Exactly one of these comes for each.
  public sealed interface Answer {
    record Came(Message.Response response) implements Answer {}

    record Lost(String reason) implements Answer {}
  }

  /// Whoever has one end of a connection.
  public interface Party {
    void received(List<Incoming> batch);

    /// @param refused whether there was nobody at that address
    void closed(String reason, boolean refused);
  }

  private static final Party NOBODY = new Party() {
    @Override
    public void received(List<Incoming> batch) {
      throw new IllegalStateException("nobody is there to receive " + batch);
    }

    @Override
    public void closed(String reason, boolean refused) {
      // Nobody cares.
    }
  };

  private record Blockade(long untilNanos, long patienceNanos) {}

  private final SimulatedTime time;
  private final Map<Address, SimulatedProcess> listeners = new LinkedHashMap<>();
  private final Map<List<Address>, Blockade> blockades = new LinkedHashMap<>();
  private final Set<Link> links = new LinkedHashSet<>();
  private int wiresMade;
  /// How long a message takes at most.
  long delayNanosMax = 2 * SimulatedTime.MILLI;

  Network(SimulatedTime time) {
    this.time = time;
  }

  /// From now on, the process is what listens at its address.
  public void listen(SimulatedProcess process) {
    listeners.put(process.address(), process);
  }

  @Nullable
  SimulatedProcess at(Address address) {
    return listeners.get(address);
  }

  private static final class Link {
    final Wire dialler;
    final Wire acceptor;
    boolean broken;

    Link(Wire dialler, Wire acceptor) {
      this.dialler = dialler;
      this.acceptor = acceptor;
    }
  }

  private record Closing(String reason) {}

  private record Answered(long correlation, Message.Response response) {}

  /// One end of a connection.
  public final class Wire {
    private final int number = ++wiresMade;
    private final Address mine;
    private final Address theirs;
    private @Nullable SimulatedProcess process;
    private @Nullable Link link;
    private Party party;
    private final List<Object> inbox = new ArrayList<>();
    private final Map<Long, Consumer<Answer>> calls = new LinkedHashMap<>();
    private long correlations;
    private long lastArrival;
    private boolean reading;
    private boolean over;

    private Wire(@Nullable SimulatedProcess process, Address mine, Address theirs, Party party) {
      this.process = process;
      this.mine = mine;
      this.theirs = theirs;
      this.party = party;
      if (process != null) {
        process.wires.add(this);
      }
    }

    public int number() {
      return number;
    }

    public Address theirAddress() {
      return theirs;
    }

    /// Whether this end has not learnt of its end.
    public boolean isOpen() {
      return !over;
    }

    private Link link() {
      if (link == null) {
        throw new IllegalStateException("not connected");
      }
      return link;
    }

    private Wire other() {
      return link().dialler == this ? link().acceptor : link().dialler;
    }

    // --- speaking

    public void notice(Message.Notice notice) {
      send(new Incoming.Noticed(notice));
    }

    public void call(Message.Request request, Consumer<Answer> then) {
      var correlation = ++correlations;
      if (over) {
        later(() -> then.accept(new Answer.Lost("the connection has ended")));
      } else {
        calls.put(correlation, then);
        send(new Incoming.Asked(correlation, request));
      }
    }

    public void reply(long correlation, Message.Response response) {
      send(new Answered(correlation, response));
    }

    private void send(Object frame) {
      if (!over) {
        var to = other();
        time.at(to.arrival(), () -> to.arrives(frame));
      }
    }

    /// When what is sent now arrives here.
    private long arrival() {
      var departs = Math.max(time.now(), openFrom(theirs, mine));
      lastArrival = Math.max(lastArrival, departs + delay());
      return lastArrival;
    }

    // --- hearing

    private void arrives(Object frame) {
      if (link().broken || over) {
        return;
      }
      if (process == null || !process.isAlive()) {
        link().dialler.brokenBy("connection reset");
        return;
      }
      inbox.add(frame);
      if (!reading) {
        reading = true;
        process.after(time.duration(0, SimulatedTime.MILLI / 10), this::read);
      }
    }

    private void read() {
      reading = false;
      var frames = List.copyOf(inbox);
      inbox.clear();
      var batch = new ArrayList<Incoming>();
      for (var frame : frames) {
        if (over) {
          return;
        }
        switch (frame) {
          case Answered(var correlation, var response) -> {
            hand(batch);
            var waiting = calls.remove(correlation);
            if (waiting == null) {
              throw new IllegalStateException("request " + correlation + " of " + this
                  + " was answered twice: " + response);
            }
            waiting.accept(new Answer.Came(response));
          }
          case Incoming incoming -> batch.add(incoming);
          case Closing(var reason) -> {
            hand(batch);
            learns(reason, false);
          }
          default -> throw new IllegalStateException("no frame: " + frame);
        }
      }
      hand(batch);
    }

    private void hand(List<Incoming> batch) {
      if (!batch.isEmpty()) {
        var all = List.copyOf(batch);
        batch.clear();
        party.received(all);
      }
    }

    // --- ending

    /// Ends it from this side; what was said before still gets through.
    public void close(String reason) {
      if (!over) {
        send(new Closing(reason));
        learns(reason, false);
      }
    }

    /// Nothing gets through any more, and whoever lives finds out.
    void brokenBy(String reason) {
      var cut = link();
      if (!cut.broken) {
        cut.broken = true;
        cut.dialler.findsOut(reason);
        cut.acceptor.findsOut(reason);
      }
    }

    private void findsOut(String reason) {
      if (process != null) {
        process.after(noticeDelay(), () -> learns(reason, false));
      }
    }

    private void learns(String reason, boolean refused) {
      if (over) {
        return;
      }
      over = true;
      if (process != null) {
        process.wires.remove(this);
      }
      links.remove(link());
      var lost = List.copyOf(calls.values());
      calls.clear();
      later(() -> {
        lost.forEach(each -> each.accept(new Answer.Lost(reason)));
        party.closed(reason, refused);
      });
    }

    private void later(Runnable what) {
      if (process != null) {
        process.after(time.duration(0, SimulatedTime.MILLI / 10), what);
      }
    }

    @Override
    public String toString() {
      return "wire " + number + " of " + (process == null ? mine : process) + " to " + theirs;
    }
  }

  // --- connecting

  /// Dials. What is said before somebody answers waits until then.
  public Wire connect(SimulatedProcess from, Address to, Party party) {
    var dialler = new Wire(from, from.address(), to, party);
    var acceptor = new Wire(null, to, from.address(), NOBODY);
    var link = new Link(dialler, acceptor);
    dialler.link = link;
    acceptor.link = link;
    links.add(link);
    var back = openFrom(to, from.address());
    var there = acceptor.arrival();
    var patience = time.now() + 2 * SimulatedTime.SECOND;
    if (Math.max(there, back) > patience) {
      link.broken = true;
      from.after(patience - time.now(), () -> dialler.learns("no answer from " + to, false));
    } else {
      time.at(there, () -> answer(link, to));
    }
    return dialler;
  }

  private void answer(Link link, Address to) {
    var process = listeners.get(to);
    if (link.broken) {
      return;
    }
    if (process == null || !process.isAlive() || !process.listens()) {
      link.broken = true;
      var dialler = link.dialler;
      time.at(dialler.arrival(), () -> dialler.learns("connection refused", true));
      return;
    }
    var acceptor = link.acceptor;
    acceptor.process = process;
    process.wires.add(acceptor);
    acceptor.party = process.accept(acceptor);
  }

  // --- trouble

  /// Breaks some connection.
  void breakOne() {
    if (!links.isEmpty()) {
      List.copyOf(links).get(time.below(links.size())).dialler
          .brokenBy("connection reset by chaos");
    }
  }

  /// Breaks all connections of a process.
  void breakAllOf(SimulatedProcess process) {
    List.copyOf(process.wires).forEach(wire -> wire.brokenBy("connection reset by chaos"));
  }

  /// Lets nothing through from one address to another for a while.
  void block(Address from, Address to, long nanos, long patienceNanos) {
    blockades.put(List.of(from, to), new Blockade(time.now() + nanos, patienceNanos));
    time.after(patienceNanos, () -> {
      if (openFrom(from, to) > time.now()) {
        for (var link : List.copyOf(links)) {
          var ends = Set.of(link.dialler.mine, link.dialler.theirs);
          if (ends.contains(from) && ends.contains(to)) {
            link.dialler.brokenBy("no sign of life");
          }
        }
      }
    });
  }

  /// From when on something gets from one address to another.
  long openFrom(Address from, Address to) {
    var blockade = blockades.get(List.of(from, to));
    return blockade == null ? 0 : blockade.untilNanos();
  }

  boolean isBlocked(Address one, Address other) {
    return Math.max(openFrom(one, other), openFrom(other, one)) > time.now();
  }

  void healAll() {
    blockades.clear();
  }

  private long delay() {
    return time.duration(SimulatedTime.MILLI / 20, delayNanosMax);
  }

  /// Sometimes a connection is half open until keep-alive finds out.
  private long noticeDelay() {
    return time.chance(0.15) ? time.duration(delayNanosMax, 2 * SimulatedTime.SECOND) : delay();
  }
}
