package dev.heddle.worker;

import dev.heddle.code.CodeBases;
import dev.heddle.code.CodeSource;
import dev.heddle.code.CodeUnavailableException;
import dev.heddle.code.Use;
import dev.heddle.values.ClassResolver;
import dev.heddle.values.Failures;
import dev.heddle.values.Values;
import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.Connection;
import dev.heddle.wire.ContentHash;
import dev.heddle.wire.Failure;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Message;
import dev.heddle.wire.Patience;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The classes and values of one node: what turns objects into bytes and back, and knows whom to ask
/// for a class.
///
/// A code base is held for as long as a connection lives by which it was heard of, and for as long as
/// something that needs it is reachable ([#hold]). For any number of threads.
final class NodeCode implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodeCode.class);
  private static final Cleaner CLEANER = Cleaner.create();
  private static final Object NOTHING = new Object();
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final String node;
  private final CodeBases codeBases = new CodeBases();
  private final Values values = new Values(
      ClassResolver.of(codeBases::codeBaseOf, codeBases::load));
  private final Failures failures = new Failures(values);
  private final Patience patience = new Patience();
  /// Guarded by itself.
  private final Map<Connection, Map<CodeBaseId, Use>> heardOf = new HashMap<>();

  NodeCode(String node) {
    this.node = node;
  }

  Values values() {
    return values;
  }

  CodeBases codeBases() {
    return codeBases;
  }

  /// Makes values of the classes of `preferred`, whichever program of the same classes they come
  /// from; of their own where those do not have them.
  Values values(Set<CodeBaseId> preferred) {
    return new Values(ClassResolver.of(codeBases::codeBaseOf, (codeBase, name) -> {
      if (codeBase.isPresent() && !preferred.contains(codeBase.get())) {
        for (var other : preferred) {
          try {
            return codeBases.load(Optional.of(other), name);
          } catch (ClassNotFoundException | CodeUnavailableException e) {
            log.trace("{} has no {}", other, name, e); // Then the next may have it.
          }
        }
      }
      return codeBases.load(codeBase, name);
    }));
  }

  /// A peer named a code base, so it has its classes, or knows where they are from.
  void heardOf(CodeBaseId codeBase, Connection from) {
    synchronized (heardOf) {
      if (from.isOpen()) {
        heardOf.computeIfAbsent(from, _ -> new HashMap<>()).computeIfAbsent(codeBase,
            _ -> codeBases.use(List.of(codeBase), new Peer(from, patience)));
      }
    }
  }

  /// A connection ended.
  void gone(Connection connection) {
    Map<CodeBaseId, Use> uses;
    synchronized (heardOf) {
      uses = heardOf.remove(connection);
    }
    if (uses != null) {
      uses.values().forEach(Use::close);
    }
  }

  /// Keeps code bases loaded for as long as the result is reachable.
  Object hold(Collection<CodeBaseId> ids) {
    if (ids.isEmpty()) {
      return NOTHING;
    }
    var holder = new Object();
    CLEANER.register(holder, codeBases.use(ids)::close);
    return holder;
  }

  Message.Response content(CodeBaseId codeBase, List<String> names) {
    try {
      return new Message.Content(codeBases.find(codeBase, names));
    } catch (IllegalArgumentException e) {
      return new Message.Refused(Message.Reason.BAD_REQUEST, String.valueOf(e.getMessage()));
    }
  }

  Message.Blobs blobs(List<ContentHash> hashes) {
    return new Message.Blobs(codeBases.blobs(hashes));
  }

  Failure capture(Throwable failure) {
    return failures.capture(failure);
  }

  Throwable restore(Failure failure) {
    return failures.restore(failure);
  }

  /// How many code bases of other programs are loaded.
  int codeBasesHeld() {
    return codeBases.heldCount();
  }

  @Override
  public void close() {
    List<Map<CodeBaseId, Use>> all;
    synchronized (heardOf) {
      all = List.copyOf(heardOf.values());
      heardOf.clear();
    }
    all.forEach(uses -> uses.values().forEach(Use::close));
  }

  @Override
  public String toString() {
    return "the classes of " + node;
  }

  /// Whoever is at the other end of a connection.
  private record Peer(Connection connection, Patience patience) implements CodeSource {
    @Override
    public Map<String, ContentHash> find(CodeBaseId codeBase, List<String> names)
        throws IOException, InterruptedException {
      var response = patience.call(connection, codeBase,
          new Message.AskContent(codeBase, names), TIMEOUT);
      if (response instanceof Message.Content(var hashes)) {
        return hashes;
      }
      throw unexpected(response);
    }

    @Override
    public List<Optional<byte[]>> blobs(List<ContentHash> hashes)
        throws IOException, InterruptedException {
      var response = connection.call(new Message.AskBlobs(hashes), TIMEOUT);
      if (response instanceof Message.Blobs(var blobs) && blobs.size() == hashes.size()) {
        return blobs;
      }
      throw unexpected(response);
    }

    /// A scheduler passes on what the programs say whose classes they are, and says so if it could
    /// not ask them.
    @Override
    public boolean isOrigin() {
      var role = connection.peer().role();
      return role == Hello.Role.CLIENT || role == Hello.Role.SCHEDULER;
    }

    private IOException unexpected(Message.Response response) {
      return new IOException(this + " gave an answer that does not fit: "
          + response.getClass().getSimpleName());
    }

    @Override
    public String toString() {
      return connection.peer().name() + " at " + connection.remoteAddress();
    }
  }
}
