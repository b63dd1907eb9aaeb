package dev.heddle;

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
import dev.heddle.wire.Message;
import dev.heddle.wire.Patience;
import dev.heddle.wire.Payload;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The classes and values of a client: what turns objects into bytes and back. A class of another
/// program is this program's own where it has one of that name; otherwise it comes from whoever sent
/// the value. For any number of threads.
final class ClientCode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClientCode.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final CodeBases codeBases;
  private final Values values;
  private final Failures failures;
  private final Patience patience = new Patience();
  /// Guarded by itself.
  private final Map<Connection, Map<CodeBaseId, Use>> heardOf = new HashMap<>();

  ClientCode(CodeBases codeBases) {
    this.codeBases = codeBases;
    this.values = new Values(ClassResolver.of(codeBases::codeBaseOf, this::load));
    this.failures = new Failures(values);
  }

  Values values() {
    return values;
  }

  CodeBases codeBases() {
    return codeBases;
  }

  Throwable restore(Failure failure) {
    return failures.restore(failure);
  }

  private Class<?> load(Optional<CodeBaseId> codeBase, String name) throws ClassNotFoundException {
    try {
      return codeBases.load(codeBase, name);
    } catch (ClassNotFoundException | CodeUnavailableException e) {
      var own = Thread.currentThread().getContextClassLoader();
      if (own == null) {
        throw e;
      }
      try {
        return Class.forName(name, false, own);
      } catch (ClassNotFoundException none) {
        LOG.trace("this program has no {} either", name, none);
        throw e;
      }
    }
  }

  /// A value came from a worker, which has its classes, or knows where they are from.
  void heardOf(Payload payload, Connection from) {
    if (payload.codeBases().isEmpty()) {
      return;
    }
    synchronized (heardOf) {
      if (from.isOpen()) {
        var uses = heardOf.computeIfAbsent(from, _ -> new HashMap<>());
        for (var codeBase : payload.codeBases()) {
          uses.computeIfAbsent(codeBase,
              _ -> codeBases.use(List.of(codeBase), new Peer(from, patience)));
        }
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

  Message.Response content(CodeBaseId codeBase, List<String> names) {
    try {
      var found = codeBases.find(codeBase, names);
      // Of another program's classes this one has those that it was sent, and that tells nothing of others.
      return !found.isEmpty() || codeBases.isOwn(codeBase)
          ? new Message.Content(found)
          : new Message.Refused(Message.Reason.UNAVAILABLE,
              "code base " + codeBase + " is another program's");
    } catch (IllegalArgumentException e) {
      return new Message.Refused(Message.Reason.BAD_REQUEST, String.valueOf(e.getMessage()));
    }
  }

  Message.Blobs blobs(List<ContentHash> hashes) {
    return new Message.Blobs(codeBases.blobs(hashes));
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

  /// A worker, or the scheduler, which asks a worker.
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

    @Override
    public boolean isOrigin() {
      return false;
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
