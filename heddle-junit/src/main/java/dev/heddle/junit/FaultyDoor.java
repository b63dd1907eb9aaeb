package dev.heddle.junit;

import dev.heddle.cluster.Doors;
import dev.heddle.process.ScopeStoppedException;
import dev.heddle.wire.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The door of one life of a node: the process *door* lets connections in, each of which is a [FaultyLink].
final class FaultyDoor implements Doors.Door {
  private static final Logger log = LoggerFactory.getLogger(FaultyDoor.class);
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final int BACKLOG = 128;
  /// A node is known to others a moment before it is known here.
  private static final long NODE_WITHIN_SECONDS = 10;

  private final FaultyDoors doors;
  private final String node;
  private final long lifeMessages;
  private final AtomicLong messages = new AtomicLong();
  private final ServerSocketChannel server;
  private final Address address;
  private final CompletableFuture<Address> target = new CompletableFuture<>();
  private final Set<FaultyLink> links = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  FaultyDoor(FaultyDoors doors, String node, int life) throws IOException {
    this.doors = doors;
    this.node = node;
    lifeMessages = doors.lifeOf(node, life);
    server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(LOOPBACK, 0), BACKLOG);
    address = new Address(LOOPBACK.getHostAddress(),
        ((InetSocketAddress) server.getLocalAddress()).getPort());
    doors.start("faults/door of " + node, this::letIn);
  }

  @Override
  public Address address() {
    return address;
  }

  @Override
  public void leadsTo(Address where) {
    target.complete(where);
  }

  String node() {
    return node;
  }

  FaultyDoors doors() {
    return doors;
  }

  /// A message went over one of the connections between this worker and a scheduler.
  void saidWithScheduler() {
    if (messages.incrementAndGet() == lifeMessages) {
      doors.crash(node, lifeMessages);
    }
  }

  private void letIn() {
    while (!closed) {
      try {
        var outside = server.accept();
        doors.start("faults/" + node + " ← " + outside.getRemoteAddress(), () -> lead(outside));
      } catch (ScopeStoppedException | IOException e) {
        if (!closed) {
          log.debug("the door of {} is closed", node, e);
        }
        return;
      }
    }
  }

  private void lead(SocketChannel outside) throws InterruptedException {
    try (outside) {
      var where = target.get(NODE_WITHIN_SECONDS, TimeUnit.SECONDS);
      try (var inside = SocketChannel.open(new InetSocketAddress(where.host(), where.port()))) {
        var link = new FaultyLink(this, outside, inside);
        links.add(link);
        try {
          if (!closed) {
            link.run();
          }
        } finally {
          links.remove(link);
        }
      }
    } catch (IOException | ExecutionException | TimeoutException e) {
      // Whoever knocked sees a connection that ends, and comes again.
      log.debug("nobody is behind the door of {}", node, e);
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      server.close();
    } catch (IOException e) {
      log.debug("closing the door of {}", node, e);
    }
    links.forEach(FaultyLink::reset);
  }
}
