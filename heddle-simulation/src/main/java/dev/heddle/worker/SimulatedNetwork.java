package dev.heddle.worker;

import dev.heddle.simulation.SimulatedTime;
import dev.heddle.wire.Address;
import dev.heddle.wire.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Connections: what one side sends reaches the other in order, later, or never: then both learn that
/// the connection has ended, each in its time.
final class SimulatedNetwork {
  /// How a request ended. Exactly one of these comes for each.
  sealed interface Answer {
    record Came(Message.Response response) implements Answer {}

    /// To a request for data.
    record Data(WorkerCommand.Serve serve) implements Answer {}

    record Lost(String reason) implements Answer {}
  }

  /// Where requests arrive.
  interface Node {
    boolean listens();

    void received(int link, List<WorkerEvent> requests);

    void ended(int link);
  }

  /// A request, once it is known who asks.
  interface Request extends Function<Asker, WorkerEvent> {}

  private final SimulatedTime time;
  private final Map<Address, Node> nodes = new LinkedHashMap<>();
  private final List<Link> links = new ArrayList<>();
  private int linksMade;
  /// How long a message takes at most.
  long delayNanosMax = 2 * SimulatedTime.MILLI;

  SimulatedNetwork(SimulatedTime time) {
    this.time = time;
  }

  void listen(Address address, Node node) {
    nodes.put(address, node);
  }

  /// A connection from a client to a node. Every client has one a node.
  final class Link {
    final int number = ++linksMade;
    private final @Nullable Node node;
    private final Map<Long, Consumer<Answer>> pending = new LinkedHashMap<>();
    private Consumer<Message.Notice> listener = notice -> {
      throw new IllegalStateException("nobody expects " + notice);
    };
    private long correlations;
    private boolean cut;
    private boolean clientKnows;
    private long lastToNode;
    private long lastToClient;

    Link(@Nullable Node node) {
      this.node = node;
    }

    boolean isUsable() {
      return !clientKnows;
    }

    /// Sends requests in one piece.
    void call(List<Request> requests, Consumer<Answer> each) {
      var events = new ArrayList<WorkerEvent>();
      for (var request : requests) {
        var correlation = ++correlations;
        pending.put(correlation, each);
        events.add(request.apply(new Asker(number, correlation)));
      }
      if (node == null || clientKnows) {
        clientLearns("connection refused");
        return;
      }
      lastToNode = Math.max(lastToNode, time.now() + delay());
      time.at(lastToNode, () -> {
        if (cut) {
          return;
        }
        if (node.listens()) {
          node.received(number, events);
        } else {
          cut("connection reset");
        }
      });
    }

    /// Who is told what the node says without being asked.
    void listen(Consumer<Message.Notice> to) {
      listener = to;
    }

    /// Says something in one piece that has no answer.
    void say(List<WorkerEvent> events) {
      if (node == null || clientKnows) {
        return;
      }
      lastToNode = Math.max(lastToNode, time.now() + delay());
      time.at(lastToNode, () -> {
        if (!cut && node.listens()) {
          node.received(number, events);
        }
      });
    }

    private void tell(Message.Notice notice) {
      lastToClient = Math.max(lastToClient, time.now() + delay());
      time.at(lastToClient, () -> {
        if (!cut) {
          listener.accept(notice);
        }
      });
    }

    private void answer(long correlation, Answer answer) {
      lastToClient = Math.max(lastToClient, time.now() + delay());
      time.at(lastToClient, () -> {
        if (!cut) {
          var waiting = pending.remove(correlation);
          if (waiting == null) {
            throw new IllegalStateException(
                "request " + correlation + " on link " + number + " was answered twice: " + answer);
          }
          waiting.accept(answer);
        }
      });
    }

    /// From now on nothing gets through.
    void cut(String reason) {
      if (!cut) {
        cut = true;
        time.after(noticeDelay(), () -> clientLearns(reason));
        if (node != null) {
          time.after(noticeDelay(), () -> {
            links.remove(this);
            if (node.listens()) {
              node.ended(number);
            }
          });
        }
      }
    }

    private void clientLearns(String reason) {
      cut = true;
      clientKnows = true;
      var lost = List.copyOf(pending.values());
      pending.clear();
      lost.forEach(each -> time.after(delay(), () -> each.accept(new Answer.Lost(reason))));
    }

    int pendingCount() {
      return pending.size();
    }
  }

  private long delay() {
    return time.duration(SimulatedTime.MILLI / 20, delayNanosMax);
  }

  /// Sometimes a connection is half open until keep-alive finds out.
  private long noticeDelay() {
    return time.chance(0.2) ? time.duration(delayNanosMax, 3 * SimulatedTime.SECOND) : delay();
  }

  Link connect(Address to) {
    var node = nodes.get(to);
    var link = new Link(node != null && node.listens() ? node : null);
    if (link.node != null) {
      links.add(link);
    }
    return link;
  }

  /// A node answers; where the connection has ended, nobody hears.
  void answer(Asker asker, Answer answer) {
    for (var link : links) {
      if (link.number == asker.link()) {
        link.answer(asker.correlation(), answer);
        return;
      }
    }
  }

  /// A node says something without being asked.
  void tell(int number, Message.Notice notice) {
    links.stream().filter(link -> link.number == number).findFirst()
        .ifPresent(link -> link.tell(notice));
  }

  /// A node closes a connection.
  void close(int number, String reason) {
    List.copyOf(links).stream().filter(link -> link.number == number)
        .forEach(link -> link.cut(reason));
  }

  /// Breaks some connection.
  void breakOne() {
    if (!links.isEmpty()) {
      links.get(time.below(links.size())).cut("connection reset by chaos");
    }
  }

  void breakAllOf(Node node) {
    List.copyOf(links).stream().filter(link -> node.equals(link.node))
        .forEach(link -> link.cut("the node has ended"));
  }

  /// Connections by client.
  final class Pool {
    private final Map<Address, Link> open = new LinkedHashMap<>();

    Link to(Address address) {
      var link = open.get(address);
      if (link == null || !link.isUsable()) {
        link = connect(address);
        open.put(address, link);
      }
      return link;
    }

    void close() {
      open.values().forEach(link -> link.cut("the client has ended"));
    }
  }
}
