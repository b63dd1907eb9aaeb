package dev.heddle.wire;

import dev.heddle.process.Activity;
import dev.heddle.process.NamedProcess;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection: the process that reads from the socket, and what any thread may do with it.
///
/// - In: what the peer sends, decoded a whole read at a time.
/// - Out: a batch a read to the handler; answers to those who wait; the outbox to the socket.
/// - Ends when either side closes, when the peer breaks the protocol or falls silent. A handler
///   that throws never ends it.
final class Link implements Connection, LinkWriter.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(Link.class);

  private final Endpoint owner;
  private final SocketChannel channel;
  private final Selector selector;
  private final Introduction introduction;
  private final Address remote;
  private final ConnectionHandler handler;
  private final Timeouts timeouts;
  private final Calls calls;
  private final Outbox outbox;
  private final LinkWriter writer;
  private final Inbox inbox;
  private final LinkReader reader;
  private final Liveness liveness;
  private final Activity waiting;
  /// The link process; null before it runs.
  private volatile @Nullable Thread thread;

  /// How it ended; null while it goes on. The first end counts.
  private final AtomicReference<@Nullable Ending> ending = new AtomicReference<>();
  private volatile long usedNanos = System.nanoTime();
  private volatile @Nullable Keeper keeper;

  /// Whether the link process is in the handler: what is said there is written when it returns.
  private boolean inHandler;
  /// Since when it is there; 0 while it is not.
  private volatile long inHandlerSinceNanos;
  private final Numbers answered = new Numbers();

  /// @param reason for those who wait, and for people
  /// @param lastWords what to tell the peer; null where it cannot or need not hear it
  /// @param awaitsHearing whether it is worth waiting until the peer has heard it
  private record Ending(String reason, @Nullable String lastWords, boolean awaitsHearing) {}

  /// Somebody who gives this connection to others.
  interface Keeper {
    /// After how long without use the connection is to end.
    long idleNanosMax();

    /// Asked before it ends for that; true means that nobody will be given it again.
    boolean mayRetire(Link link);

    /// It has ended, for whatever reason.
    void ended(Link link);
  }

  Link(Endpoint owner, SocketChannel channel, Selector selector, Introduction introduction,
      Address remote) {
    this.owner = owner;
    this.channel = channel;
    this.selector = selector;
    this.introduction = introduction;
    this.remote = remote;
    handler = owner.handler();
    var limits = owner.config().limits();
    timeouts = owner.config().timeouts();
    calls = new Calls(introduction.hello().name() + " at " + remote, limits.callsMax());
    outbox = new Outbox(limits, introduction.limits());
    writer = new LinkWriter(channel, outbox, this);
    inbox = new Inbox(calls, limits);
    reader = new LinkReader(inbox, limits.frameBytesMax());
    liveness = new Liveness(timeouts, System.nanoTime());
    waiting = Activity.named("reading from " + calls.peer());
  }

  // --- for any thread

  @Override
  public Hello peer() {
    return introduction.hello();
  }

  @Override
  public Address remoteAddress() {
    return remote;
  }

  @Override
  public boolean isOpen() {
    return ending.get() == null;
  }

  @Override
  public Call start(Message.Request request) throws ConnectionLostException {
    var call = open(request);
    flushUnlessInHandler();
    return call;
  }

  @Override
  public List<Call> startAll(List<? extends Message.Request> requests)
      throws ConnectionLostException {
    var opened = new ArrayList<Call>(requests.size());
    try {
      for (var request : requests) {
        opened.add(open(request));
      }
    } finally {
      flushUnlessInHandler();
    }
    return opened;
  }

  private Call open(Message.Request request) throws ConnectionLostException {
    checkOpen();
    usedNanos = System.nanoTime();
    var call = calls.open(request);
    if (calls.isPending(call.correlation())) {
      try {
        add(FrameType.REQUEST, call.correlation(), request);
      } catch (RuntimeException | Error e) {
        calls.forget(call.correlation());
        throw e;
      }
    }
    return call;
  }

  @Override
  public void ask(Message.Request request, Object question) throws IOException {
    checkOpen();
    usedNanos = System.nanoTime();
    var correlation = calls.ask(question);
    try {
      add(FrameType.REQUEST, correlation, request);
    } catch (RuntimeException | Error e) {
      calls.forget(correlation);
      throw e;
    }
  }

  private void checkOpen() throws ConnectionLostException {
    var how = ending.get();
    if (how != null) {
      throw new ConnectionLostException(
          "the connection to " + calls.peer() + " has ended: " + how.reason());
    }
  }

  private void add(int type, long correlation, Message message) {
    if (!outbox.add(type, correlation, message)) {
      end("the peer reads too slowly: " + outbox.sizeBytes() + " bytes wait for it", null);
    }
  }

  @Override
  public void reply(long correlation, Message.Response response) {
    if (isInHandler()) {
      answered.add(correlation);
    }
    try {
      add(FrameType.RESPONSE, correlation, response);
    } catch (UnsendableException e) {
      add(FrameType.RESPONSE, correlation,
          new Message.Refused(Message.Reason.TOO_LARGE, String.valueOf(e.getMessage())));
      flushUnlessInHandler();
      throw e;
    }
  }

  @Override
  public void notice(Message.Notice notice) {
    add(FrameType.NOTICE, 0, notice);
  }

  @Override
  public void awaitRoom(long bytesMax) throws InterruptedException {
    if (Thread.currentThread() == thread) {
      throw new IllegalStateException(
          "the link process itself would wait for what only it can write");
    }
    outbox.awaitAtMost(bytesMax);
  }

  @Override
  public long unwrittenBytes() {
    return outbox.unwrittenBytes();
  }

  @Override
  public void flush() {
    writer.flush(Thread.currentThread() == thread);
  }

  private void flushUnlessInHandler() {
    if (!isInHandler()) {
      flush();
    }
  }

  private boolean isInHandler() {
    return Thread.currentThread() == thread && inHandler;
  }

  @Override
  public void close(String reason) {
    end(reason, reason);
  }

  /// Ends the connection, if nobody has yet; the link process does the rest.
  private void end(String reason, @Nullable String lastWords) {
    end(new Ending(reason, lastWords, true));
  }

  private void end(Ending how) {
    if (ending.compareAndSet(null, how)) {
      calls.loseAll(how.reason());
      wake();
    }
  }

  @Override
  public void wake() {
    selector.wakeup();
  }

  @Override
  public void broken(IOException e) {
    end("the connection broke: " + e.getMessage(), null);
  }

  @Override
  public void defect(Throwable e) {
    if (isOpen()) {
      LOG.error("{}: a defect ends the connection to {}", name(), calls.peer(), e);
    }
    end("a defect in this node: " + e, "a defect in the other node");
  }

  @Override
  public void abandoned(OutboundTransfer transfer, String reason) {
    LOG.warn("{}: a message to {} could not be sent: {}", name(), calls.peer(), reason);
    if (transfer.type() == FrameType.REQUEST && calls.answer(transfer.correlation(),
        new Message.Refused(Message.Reason.UNAVAILABLE, "not sent: " + reason)).isPresent()) {
      end("a request could not be sent: " + reason, "a request could not be sent");
    }
  }

  @Override
  public String toString() {
    return calls.peer();
  }

  // --- for the pool

  void keptBy(Keeper by) {
    keeper = by;
    if (!isOpen()) {
      by.ended(this);
    }
  }

  void touch() {
    usedNanos = System.nanoTime();
  }

  /// How long nobody has used it; 0 while it is in use.
  long idleNanos(long now) {
    return calls.isEmpty() && outbox.isEmpty() ? Math.max(0, now - usedNanos) : 0;
  }

  // --- for the pulse

  /// Says that this node lives if the link process is in its handler and cannot: it waits there for the
  /// node's core, on a busy machine for long.
  void vouch(long now) {
    var since = inHandlerSinceNanos;
    if (since == 0 || !isOpen() || !Liveness.isToBeVouchedFor(timeouts, now - since)) {
      return;
    }
    outbox.addControl(FrameType.PONG);
    // As if by the link process, which does not write what is left to it as long as it is there.
    writer.flush(true);
    if (writer.isLeftToLink()) {
      wake();
    }
  }

  // --- the link process

  private String name() {
    return owner.config().name();
  }

  /// The whole life of the connection after its handshake.
  void run() {
    thread = Thread.currentThread();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      guarded("that it was opened", () -> handler.opened(this));
      writer.flush(true);
      while (isOpen()) {
        turn();
      }
    } catch (ProtocolException e) {
      LOG.warn("{}: {} breaks the protocol: {}", name(), calls.peer(), e.getMessage());
      end("the peer broke the protocol: " + e.getMessage(), e.getMessage());
    } catch (IOException e) {
      broken(e);
    } catch (RuntimeException | Error e) {
      defect(e);
    } finally {
      finish();
    }
  }

  private void turn() throws IOException {
    var read = reader.read(channel);
    if (read < 0) {
      end("the peer ended the connection without a word; its process may have died", null);
      return;
    }
    if (read > 0) {
      liveness.heard();
      dispatch();
    }
    if (read > 0 || writer.isLeftToLink()) {
      writer.flush(true);
    }
    var goodbye = inbox.goodbye();
    if (goodbye != null) {
      end("the peer closed the connection: " + goodbye, null);
      return;
    }
    var now = System.nanoTime();
    judge(now);
    if (read == 0) {
      retireIfIdle(now);
    }
    if (read == 0 && isOpen()) {
      select();
    }
  }

  private void select() throws IOException {
    var key = channel.keyFor(selector);
    var interest = writer.isLeftToLink()
        ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
        : SelectionKey.OP_READ;
    if (key.interestOps() != interest) {
      key.interestOps(interest);
    }
    var millis = TimeUnit.NANOSECONDS.toMillis(liveness.nextNanos(System.nanoTime())) + 1;
    liveness.waits(millis);
    try (var _ = waiting.begin()) {
      selector.select(_ -> {}, millis);
    }
    if (Thread.interrupted()) {
      end("this node is stopping", "the other node is stopping");
    }
  }

  private void judge(long now) {
    switch (liveness.at(now)) {
      case WELL -> {
      }
      case ASK -> {
        outbox.addControl(FrameType.PING);
        writer.flush(true);
      }
      case GONE -> end(new Ending("no sign of life from " + calls.peer() + " since "
          + Timeouts.text(timeouts.silence()), "no sign of life from this node", false));
    }
  }

  private void retireIfIdle(long now) {
    var by = keeper;
    if (by != null && now - usedNanos >= by.idleNanosMax() && inbox.isEmpty()
        && by.mayRetire(this)) {
      end("idle for " + Timeouts.text(Duration.ofNanos(now - usedNanos)), "idle");
    }
  }

  /// Passes on what the last read brought.
  private void dispatch() {
    for (var n = inbox.takePings(); n > 0; n--) {
      outbox.addControl(FrameType.PONG);
    }
    for (var refusal : inbox.takeRefusals()) {
      add(FrameType.RESPONSE, refusal.correlation(), refusal.response());
    }
    for (var inspected : inbox.takeInspections()) {
      inspect(inspected.correlation(), inspected.request());
    }
    var unknown = inbox.takeUnknownNotices();
    if (unknown > 0) {
      LOG.debug("{}: ignored {} notices that this version does not know", name(),
          unknown);
    }
    var untaken = inbox.takeUntaken();
    var batch = inbox.takeBatch();
    var handed = 0;
    for (var lost : untaken) {
      hand(batch.subList(handed, lost.after()));
      handed = lost.after();
      guarded("of a notice without its buffers",
          () -> handler.untaken(this, lost.notice(), lost.reason()));
    }
    hand(handed == 0 ? batch : batch.subList(handed, batch.size()));
    if (!batch.isEmpty() || !untaken.isEmpty()) {
      usedNanos = System.nanoTime();
    }
    var answered = inbox.answerCalls();
    if (!answered.isEmpty()) {
      guarded("answers", () -> handler.answered(this, answered));
    }
  }

  private void inspect(long correlation, Message.Inspection asked) {
    try {
      owner.inspector().answer(this, correlation, asked);
    } catch (RuntimeException | Error e) {
      LOG.error("{}: cannot tell {} how this node is", name(), calls.peer(), e);
      add(FrameType.RESPONSE, correlation, new Message.Refused(Message.Reason.INTERNAL,
          "a defect in " + name() + ": " + e));
    }
    writer.flush(true);
  }

  private void hand(List<Incoming> batch) {
    if (batch.isEmpty()) {
      return;
    }
    NamedProcess.current().ifPresent(process -> process.countReceived(batch.size()));
    enterHandler();
    try {
      handler.received(this, batch);
    } catch (RuntimeException | Error e) {
      LOG.error("{}: the handler failed on {} messages from {}", name(), batch.size(),
          calls.peer(), e);
      refuseRest(batch, e);
    } finally {
      leaveHandler();
    }
  }

  private void enterHandler() {
    inHandler = true;
    inHandlerSinceNanos = System.nanoTime() | 1;
  }

  private void leaveHandler() {
    inHandler = false;
    inHandlerSinceNanos = 0;
    answered.clear();
  }

  private void refuseRest(List<Incoming> batch, Throwable e) {
    for (var incoming : batch) {
      if (incoming instanceof Incoming.Asked(var correlation, _)
          && !answered.contains(correlation)) {
        add(FrameType.RESPONSE, correlation, new Message.Refused(Message.Reason.INTERNAL,
            "a defect in " + owner.config().name() + ": " + e.getClass().getName()));
      }
    }
  }

  private void guarded(String what, Runnable part) {
    enterHandler();
    try {
      part.run();
    } catch (RuntimeException | Error e) {
      LOG.error("{}: the handler of the connection to {} failed when it was told {}", name(),
          calls.peer(), what, e);
    } finally {
      leaveHandler();
    }
  }

  private void finish() {
    end("the link process ended", null);
    var how = ending.get();
    if (how != null && how.lastWords() != null) {
      farewell(how.lastWords(), how.awaitsHearing());
    }
    outbox.discard();
    try (channel; selector) {
      owner.ended(this);
    } catch (IOException e) {
      LOG.debug("{}: closing the socket failed", name(), e);
    }
    var by = keeper;
    if (by != null) {
      by.ended(this);
    }
    if (how != null) {
      guarded("that it has ended", () -> handler.closed(this, how.reason()));
    }
  }

  /// Writes what was said, then why it ends, and waits a little until the peer has taken it: a
  /// socket that is closed with unread bytes takes back what was written last.
  private void farewell(String words, boolean awaitsHearing) {
    writer.dropBulk();
    outbox.addGoodbye(words);
    var deadline = System.nanoTime() + timeouts.close().toNanos();
    var rest = ByteBuffer.allocate(16 << 10);
    var isShut = false;
    try {
      while (true) {
        writer.flush(true);
        // Somebody else may be writing, the goodbye too.
        if (!isShut && !writer.isLeftToLink() && outbox.sizeBytes() == 0) {
          channel.shutdownOutput();
          isShut = true;
        }
        var read = channel.read(rest.clear());
        var left = deadline - System.nanoTime();
        if (read < 0 || left <= 0 || !awaitsHearing || Thread.interrupted()) {
          return;
        }
        if (read == 0) {
          channel.keyFor(selector).interestOps(
              isShut ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
          selector.select(_ -> {}, TimeUnit.NANOSECONDS.toMillis(left) + 1);
        }
      }
    } catch (IOException e) {
      LOG.debug("{}: the peer did not hear the end", name(), e);
    }
  }

  /// Takes the socket from under the link process, when it does not end by itself.
  void abort() {
    end("aborted", null);
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("{}: closing the socket failed", name(), e);
    }
  }
}
