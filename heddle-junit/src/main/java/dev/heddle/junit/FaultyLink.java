package dev.heddle.junit;

import dev.heddle.junit.FaultPlan.Ending;
import dev.heddle.junit.FaultPlan.Step;
import dev.heddle.process.ScopeStoppedException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection through a door: two processes, each of which hands on what one side says, until a fault or an end.
final class FaultyLink {
  private static final Logger log = LoggerFactory.getLogger(FaultyLink.class);
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int HEAD_BYTES = 5;
  private static final long CLOSE_WITHIN_SECONDS = 10;

  /// What is to happen on a connection.
  ///
  /// @param withScheduler whether a scheduler made it
  record Planned(String name, boolean withScheduler, List<Step> steps) {}

  private final FaultyDoor door;
  private final SocketChannel outside;
  private final SocketChannel inside;
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger sidesEnded = new AtomicInteger();
  private volatile boolean isSilent;

  // Guarded by this.
  private final ArrayDeque<Step> steps = new ArrayDeque<>();
  private @Nullable Planned planned;
  private long messages;

  FaultyLink(FaultyDoor door, SocketChannel outside, SocketChannel inside) {
    this.door = door;
    this.outside = outside;
    this.inside = inside;
  }

  /// Hands on what either says until one has ended.
  void run() throws InterruptedException, IOException {
    outside.setOption(StandardSocketOptions.TCP_NODELAY, true);
    inside.setOption(StandardSocketOptions.TCP_NODELAY, true);
    try {
      door.doors().start("faults/" + door.node() + " answers", () -> pump(inside, outside, false));
      pump(outside, inside, true);
    } catch (ScopeStoppedException e) {
      log.debug("the test is over", e);
    }
  }

  /// @param fromDialer whether `from` is who made the connection
  private void pump(SocketChannel from, SocketChannel to, boolean fromDialer)
      throws InterruptedException {
    var bytes = new byte[BUFFER_BYTES];
    var buffer = ByteBuffer.wrap(bytes);
    var scanner = new FrameScanner();
    try {
      while (from.read(buffer.clear()) >= 0) {
        if (!isSilent && !handOn(bytes, buffer.position(), to, scanner, fromDialer)) {
          return;
        }
      }
      // The last words of a side that closes are on their way; the other closes in its turn.
      if (sidesEnded.incrementAndGet() == 1) {
        to.shutdownOutput();
        var _ = over.await(CLOSE_WITHIN_SECONDS, TimeUnit.SECONDS);
      }
    } catch (IOException e) {
      log.debug("a connection to {} has ended", door.node(), e);
    } finally {
      closeBoth();
    }
  }

  /// @return false if the connection is lost
  private boolean handOn(byte[] bytes, int length, SocketChannel to, FrameScanner scanner,
      boolean fromDialer) throws IOException, InterruptedException {
    var written = 0;
    for (var at = scanner.next(bytes, 0, length); at <= length; at = scanner.next(bytes, at,
        length)) {
      var step = said(scanner, fromDialer);
      if (step == null) {
        continue;
      }
      var isTorn = step instanceof Step.Disconnect(_, var ending)
          && ending == Ending.RESET_IN_A_MESSAGE;
      var until = isTorn ? at : Math.max(written, at - HEAD_BYTES);
      write(to, bytes, written, until);
      written = until;
      if (!play(step)) {
        return false;
      }
    }
    if (!isSilent) {
      if (fromDialer) {
        identify(scanner);
      }
      write(to, bytes, written, length);
    }
    return true;
  }

  private static void write(SocketChannel to, byte[] bytes, int from, int until)
      throws IOException {
    var part = ByteBuffer.wrap(bytes, from, until - from);
    while (part.hasRemaining()) {
      to.write(part);
    }
  }

  /// Nobody says anything before the dialer has said who it is.
  private synchronized void identify(FrameScanner scanner) {
    if (planned == null && scanner.speaker().isPresent()) {
      var its = door.doors().next(scanner.speaker().get(), door.node());
      planned = its;
      steps.addAll(its.steps());
    }
  }

  /// A message was said.
  ///
  /// @return what happens before it is handed on
  private @Nullable Step said(FrameScanner scanner, boolean fromDialer) {
    if (!door.doors().areOn()) {
      return null;
    }
    synchronized (this) {
      if (fromDialer) {
        identify(scanner);
      }
      messages++;
      if (planned instanceof Planned its && its.withScheduler()) {
        door.saidWithScheduler();
      }
      return !steps.isEmpty() && steps.peek().afterMessages() < messages ? steps.poll() : null;
    }
  }

  /// @return false if the connection is lost
  private boolean play(Step step) throws InterruptedException, IOException {
    tell(step);
    return switch (step) {
      case Step.Delay(_, var time) -> !over.await(time.toMillis(), TimeUnit.MILLISECONDS);
      case Step.Disconnect(_, var ending) -> {
        switch (ending) {
          case CLOSED -> closeBoth();
          case RESET, RESET_IN_A_MESSAGE -> reset();
          case SILENT -> isSilent = true; // Until one of them gives up.
        }
        yield isSilent;
      }
    };
  }

  private synchronized void tell(Step step) {
    var name = planned == null ? "?" : planned.name();
    door.doors().played(name + ", after " + step.afterMessages() + " messages: " + switch (step) {
      case Step.Delay(_, var time) -> "held back for " + time.toMillis() + " ms";
      case Step.Disconnect(_, var ending) -> switch (ending) {
        case CLOSED -> "closed";
        case RESET -> "reset";
        case RESET_IN_A_MESSAGE -> "reset in the middle of a message";
        case SILENT -> "silent from now on";
      };
    });
  }

  /// Ends it as a machine does that has lost its power and came back.
  void reset() {
    for (var side : List.of(outside, inside)) {
      try {
        side.setOption(StandardSocketOptions.SO_LINGER, 0);
      } catch (IOException e) {
        log.debug("it has ended already", e);
      }
    }
    closeBoth();
  }

  private void closeBoth() {
    over.countDown();
    try (outside; inside) {
      log.trace("a connection to {} ends", door.node());
    } catch (IOException e) {
      log.debug("closing a connection to {}", door.node(), e);
    }
  }
}
