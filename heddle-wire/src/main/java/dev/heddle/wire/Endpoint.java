package dev.heddle.wire;

import dev.heddle.process.Activity;
import dev.heddle.process.Body;
import dev.heddle.process.Channel;
import dev.heddle.process.Kind;
import dev.heddle.process.NamedProcess;
import dev.heddle.process.ProcessScope;
import dev.heddle.process.ProcessesStillRunningException;
import dev.heddle.process.Received;
import dev.heddle.process.ScopeStoppedException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where a node meets its peers: listens, dials, and answers for the connections of both kinds. For
/// any number of threads.
public final class Endpoint implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);
  private static final int BACKLOG = 1024;
  private static final Duration ACCEPT_PAUSE = Duration.ofMillis(100);

  private final EndpointConfig config;
  private final ConnectionHandler handler;
  private final StrangerLog strangerLog;
  private final int versionMost;
  private final Inspector inspector;
  private final ProcessScope scope;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final Semaphore strangers;
  /// Those who are in a handshake with somebody who came.
  private final Set<Thread> greeters = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicBoolean listens = new AtomicBoolean();
  private final AtomicBoolean pulses = new AtomicBoolean();
  private final Channel<Boolean> closing;
  private volatile @Nullable ServerSocketChannel server;
  private volatile @Nullable Address address;

  /// @param handler gets what the peers of all connections send
  public Endpoint(EndpointConfig config, ConnectionHandler handler) {
    this(config, handler, LOG::warn, Protocol.VERSION_MOST);
  }

  Endpoint(EndpointConfig config, ConnectionHandler handler, Consumer<String> strangerSink,
      int versionMost) {
    this.config = config;
    this.handler = handler;
    this.strangerLog = new StrangerLog(strangerSink);
    this.versionMost = versionMost;
    strangers = new Semaphore(config.limits().strangersMax());
    inspector = new Inspector(config, handler,
        body -> startQuietly(config.name() + "/dump", body));
    closing = Channel.bounded("closing " + config.name() + "/wire", 1);
    scope = ProcessScope.supervising(config.name() + "/wire",
        failure -> LOG.error("{}: a process failed", config.name(), failure));
  }

  EndpointConfig config() {
    return config;
  }

  private void startQuietly(String process, Body body) {
    try {
      scope.start(process, Kind.VIRTUAL, body);
    } catch (ScopeStoppedException e) {
      LOG.debug("{}: asked for a dump while this node was closing", config.name(), e);
    }
  }

  Inspector inspector() {
    return inspector;
  }

  ConnectionHandler handler() {
    return handler;
  }

  /// Lets peers in from now on.
  ///
  /// @param where port 0 for any free port
  /// @return the address, with its port
  /// @throws IOException if that is not possible; the message says why and what to do
  /// @throws IllegalStateException if this endpoint listens already or was closed
  public Address listen(Address where) throws IOException {
    checkOpen();
    var local = new InetSocketAddress(where.host(), where.port());
    if (local.isUnresolved()) {
      throw new UnknownHostException(ErrorCode.CANNOT_LISTEN
          .of("cannot listen on " + where + ": there is no host " + where.host()));
    }
    if (!local.getAddress().isLoopbackAddress() && !config.secretGiven()) {
      throw new IOException(ErrorCode.SECRET_NEEDED
          .of("cannot listen on " + where + ", which other machines reach, with the"
              + " secret that every program of this user takes; make one for this cluster with"
              + " 'heddle secret FILE' and set " + Secret.FILE_VARIABLE + "=FILE, or listen on"
              + " localhost"));
    }
    if (!listens.compareAndSet(false, true)) {
      throw new IllegalStateException(config.name() + " listens on " + address + " already");
    }
    inspector.listens();
    try {
      return listen(where, local);
    } catch (IOException | RuntimeException e) {
      listens.set(false);
      throw e;
    }
  }

  private Address listen(Address where, InetSocketAddress local) throws IOException {
    var channel = ServerSocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.bind(local, BACKLOG);
      var port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
      var bound = new Address(where.host(), port);
      server = channel;
      address = bound;
      var activity = Activity.named("waiting for peers on " + bound);
      scope.start(config.name() + "/accept " + bound.host() + ":" + port, Kind.PLATFORM,
          () -> acceptAll(channel, activity));
      return bound;
    } catch (BindException e) {
      channel.close();
      throw cannotListen(where, e);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static BindException cannotListen(Address where, BindException e) {
    var message = String.valueOf(e.getMessage());
    var isInUse = message.contains("in use");
    var advice = isInUse
        ? "port in use; stop the other process or pass --port 0 for a free one"
        : message.contains("ermission")
            ? "ports below 1024 are for root; pass another --port or --port 0 for a free one"
            : message + "; pass an address of this machine";
    var better = new BindException(
        (isInUse ? ErrorCode.PORT_IN_USE : ErrorCode.CANNOT_LISTEN)
            .of("cannot listen on " + where + ": " + advice));
    better.initCause(e);
    return better;
  }

  /// Where this endpoint listens, if it does.
  public Optional<Address> address() {
    return Optional.ofNullable(address);
  }

  /// Where others reach this endpoint: as [#address], or by the host that was configured.
  public Optional<Address> advertised() {
    return address().map(own -> config.advertisedHost().map(text -> named(text, own.port()))
        .orElseGet(() -> new Address(hostFor(own), own.port())));
  }

  /// @param text a host, or `HOST:PORT`; an IPv6 address without a port needs no brackets
  private static Address named(String text, int portElse) {
    var colon = text.indexOf(':');
    var isHostAlone = colon < 0 || (colon != text.lastIndexOf(':') && !text.startsWith("[")
        && !text.contains("://"));
    return isHostAlone ? new Address(text, portElse) : Address.parse(text);
  }

  private String hostFor(Address own) {
    try {
      return InetAddress.getByName(own.host()).isAnyLocalAddress()
          ? ofThisMachine().getHostAddress()
          : own.host();
    } catch (UnknownHostException | SocketException e) {
      LOG.debug("{}: this machine does not know its own name", config.name(), e);
      return own.host();
    }
  }

  /// Many systems have their own name stand for a loopback address, by which others would reach themselves.
  private static InetAddress ofThisMachine() throws UnknownHostException, SocketException {
    var byName = InetAddress.getLocalHost();
    if (!byName.isLoopbackAddress()) {
      return byName;
    }
    return NetworkInterface.networkInterfaces()
        .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
        .flatMap(NetworkInterface::inetAddresses)
        .filter(each -> !each.isLoopbackAddress() && !each.isLinkLocalAddress())
        .min(Comparator.comparingInt(each -> each.getAddress().length)).orElse(byName);
  }

  /// The connections that are open, of both kinds.
  public List<Connection> connections() {
    return List.copyOf(links);
  }

  /// How many of them there are to nodes of each role, by its name in lower case.
  public Map<String, Integer> connectionsByRole() {
    var counts = new TreeMap<String, Integer>();
    for (var link : links) {
      counts.merge(link.peer().role().name().toLowerCase(Locale.ROOT), 1, Integer::sum);
    }
    return counts;
  }

  /// What the processes, channels and turns of this node do, as a peer is told that asks with
  /// [Message.AskProcesses]. Waits for none of them.
  public Message.NodeProcesses processes() {
    return inspector.processes();
  }

  /// Makes a connection of its own; see [ConnectionPool] for shared ones.
  ///
  /// @throws HandshakeException if the two do not come to terms
  /// @throws IOException if there is nobody; the message says why and what to do
  public Connection connect(Address to) throws IOException, InterruptedException {
    return dial(to);
  }

  Link dial(Address to) throws IOException, InterruptedException {
    if (closed.get()) {
      throw whenClosed(null);
    }
    if (links.size() >= config.limits().connectionsMax()) {
      throw new IOException(ErrorCode.BUSY.of("cannot connect to " + to + ": " + config.name()
          + " has " + links.size() + " connections, as many as it may; close some"));
    }
    var remote = new InetSocketAddress(to.host(), to.port());
    if (remote.isUnresolved()) {
      throw new UnknownHostException(ErrorCode.CANNOT_CONNECT.of("cannot connect to " + to
          + ": there is no host " + to.host() + "; check the address"));
    }
    var selector = Selector.open();
    SocketChannel channel = null;
    try {
      channel = SocketChannel.open();
      channel.configureBlocking(false);
      connect(channel, selector, remote, to);
      var peer = "the peer at " + to;
      var theirs = new Handshake(
          new HandshakeChannel(channel, selector, peer, config.timeouts().handshake()), peer,
          config.secret(), introduction()).dial();
      var link = new Link(this, channel, selector, theirs, to);
      scope.start(linkName(remote), Kind.PLATFORM, () -> live(link));
      return link;
    } catch (ScopeStoppedException e) {
      closeAll(channel, selector);
      throw whenClosed(e);
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      closeAll(channel, selector);
      throw e;
    }
  }

  private void connect(SocketChannel channel, Selector selector, InetSocketAddress remote,
      Address to) throws IOException, InterruptedException {
    var timeout = config.timeouts().connect();
    var deadline = System.nanoTime() + timeout.toNanos();
    channel.register(selector, SelectionKey.OP_CONNECT);
    try {
      var isConnected = channel.connect(remote);
      while (!isConnected) {
        var left = deadline - System.nanoTime();
        if (left <= 0) {
          throw new SocketTimeoutException(ErrorCode.CANNOT_CONNECT.of("cannot connect to " + to
              + ": no answer within " + Timeouts.text(timeout)
              + "; is the machine up, and does a firewall let this through?"));
        }
        selector.select(_ -> {}, TimeUnit.NANOSECONDS.toMillis(left) + 1);
        if (Thread.interrupted()) {
          throw new InterruptedException("interrupted while connecting to " + to);
        }
        isConnected = channel.finishConnect();
      }
    } catch (NoRouteToHostException e) {
      throw (IOException) new NoRouteToHostException(ErrorCode.CANNOT_CONNECT
          .of("cannot connect to " + to + ": " + e.getMessage())).initCause(e);
    } catch (ConnectException e) {
      throw (IOException) new ConnectException(ErrorCode.CANNOT_CONNECT.of("cannot connect to "
          + to + ": " + String.valueOf(e.getMessage()).toLowerCase(java.util.Locale.ROOT)
          + "; is a node running there?")).initCause(e);
    } catch (SocketException e) {
      throw (IOException) new SocketException(
          ErrorCode.CANNOT_CONNECT.of("cannot connect to " + to + ": " + e.getMessage()))
          .initCause(e);
    }
  }

  private Introduction introduction() {
    var hello = new Hello(config.role(), config.name(), config.heddleVersion(),
        Runtime.version().toString(), advertised());
    return new Introduction(Math.min(Protocol.VERSION_LEAST, versionMost), versionMost, hello,
        config.limits(), Handshake.nonce());
  }

  private String linkName(InetSocketAddress remote) {
    return config.name() + "/link " + hostAndPort(remote);
  }

  private static String hostAndPort(InetSocketAddress remote) {
    var host = remote.getAddress().getHostAddress();
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + remote.getPort();
  }

  // --- the accept process

  private void acceptAll(ServerSocketChannel channel, Activity activity) {
    while (!closed.get()) {
      try (var _ = activity.begin()) {
        receive(channel.accept());
      } catch (ClosedChannelException e) {
        return;
      } catch (ScopeStoppedException e) {
        LOG.debug("{}: a peer came while this node was closing", config.name(), e);
        return;
      } catch (IOException e) {
        // Usually too many open files: those who wait are let in when there are fewer.
        strangerLog.tell("accept", "",
            config.name() + " cannot let peers in: " + e.getMessage(), System.nanoTime());
        LockSupport.parkNanos(ACCEPT_PAUSE.toNanos());
      }
    }
  }

  private void receive(SocketChannel channel) throws IOException {
    try {
      var remote = (InetSocketAddress) channel.getRemoteAddress();
      if (!strangers.tryAcquire()) {
        channel.close();
        notLetIn(HandshakeException.Cause.BUSY, remote, hostAndPort(remote)
            + " was turned away: " + config.limits().strangersMax()
            + " others are in their handshake");
        return;
      }
      var isStarted = false;
      try {
        scope.start(linkName(remote), Kind.PLATFORM, () -> welcome(channel, remote));
        isStarted = true;
      } finally {
        if (!isStarted) {
          strangers.release();
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  private void notLetIn(Object cause, InetSocketAddress remote, String line) {
    strangerLog.tell(cause, remote.getAddress().getHostAddress(), config.name() + ": " + line,
        System.nanoTime());
  }

  /// The life of a connection that somebody else made.
  private void welcome(SocketChannel channel, InetSocketAddress remote)
      throws InterruptedException {
    Link link = null;
    Selector selector = null;
    greeters.add(Thread.currentThread());
    try {
      if (closed.get()) {
        return;
      }
      selector = Selector.open();
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.register(selector, SelectionKey.OP_READ);
      var peer = hostAndPort(remote);
      var handshake = new Handshake(
          new HandshakeChannel(channel, selector, peer, config.timeouts().handshake()), peer,
          config.secret(), introduction());
      var from = new Address(remote.getAddress().getHostAddress(), remote.getPort());
      link = new Link(this, channel, selector, handshake.accept(busy()), from);
    } catch (HandshakeException e) {
      notLetIn(e.reason(), remote, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      notLetIn(HandshakeException.Cause.ENDED, remote,
          hostAndPort(remote) + " broke off the handshake: " + e.getMessage());
    } catch (InterruptedException e) {
      if (!closed.get()) {
        throw e;
      }
      LOG.debug("{}: {} came while this node was closing", config.name(), hostAndPort(remote));
    } finally {
      greeters.remove(Thread.currentThread());
      strangers.release();
      if (link == null) {
        closeAll(channel, selector);
      }
    }
    if (link != null) {
      live(link);
    }
  }

  private Optional<String> busy() {
    return links.size() < config.limits().connectionsMax()
        ? Optional.empty()
        : Optional.of(config.name() + " has " + links.size() + " connections, as many as it may");
  }

  private void live(Link link) {
    links.add(link);
    startPulse();
    if (closed.get()) {
      link.close(closingReason());
    }
    link.run();
  }

  void ended(Link link) {
    links.remove(link);
  }

  /// Who is stopped along with this endpoint, and was interrupted for that, made no mistake.
  private IllegalStateException whenClosed(@Nullable Exception cause)
      throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException(config.name() + " was closed");
    }
    return new IllegalStateException(config.name() + " was closed", cause);
  }

  // --- the pulse process

  private void startPulse() {
    if (pulses.compareAndSet(false, true)) {
      try {
        scope.start(config.name() + "/pulse", Kind.PLATFORM, this::pulse);
      } catch (ScopeStoppedException e) {
        LOG.debug("{}: a peer came while this node was closing", config.name(), e);
      }
    }
  }

  /// Says on behalf of links that are busy that this node lives.
  private void pulse() throws InterruptedException {
    var interval = config.timeouts().keepAlive().dividedBy(2);
    while (closing.receiveOrDone(interval) instanceof Received.TimedOut) {
      var now = System.nanoTime();
      links.forEach(link -> link.vouch(now));
    }
  }

  private static void closeAll(@Nullable SocketChannel channel, @Nullable Selector selector) {
    try (channel; selector) {
      LOG.trace("closing the socket of a connection that did not come about");
    } catch (IOException e) {
      LOG.debug("closing a socket failed", e);
    }
  }

  private void checkOpen() {
    if (closed.get()) {
      throw new IllegalStateException(config.name() + " was closed");
    }
  }

  private String closingReason() {
    return config.name() + " is closing";
  }

  /// Ends all connections, after what was said on them has been written, as far as the peers take
  /// it in time. No thread and no socket is left when it returns, unless it is called by one of
  /// those threads, a handler's; then they end right after.
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    var channel = server;
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        LOG.debug("{}: closing the server socket failed", config.name(), e);
      }
    }
    inspector.close();
    closing.done();
    links.forEach(link -> link.close(closingReason()));
    greeters.forEach(Thread::interrupt);
    if (NamedProcess.current().filter(process -> process.scope() == scope).isPresent()) {
      scope.stop();
      return;
    }
    try {
      scope.join(config.timeouts().close().multipliedBy(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      scope.close();
    } catch (ProcessesStillRunningException e) {
      LOG.warn("{}: a handler does not return; its socket is taken from it", config.name(), e);
      new ArrayList<>(links).forEach(Link::abort);
    }
  }
}
