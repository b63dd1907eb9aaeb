package dev.heddle.scheduler;

import dev.heddle.process.Body;
import dev.heddle.process.Channel;
import dev.heddle.wire.CallTimeoutException;
import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.Connection;
import dev.heddle.wire.ContentHash;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Reason;
import dev.heddle.wire.Patience;
import dev.heddle.wire.UnsendableException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passes workers' questions about classes on to the clients that the classes come from, each
/// question once, and keeps the answers. Nothing of it is loaded here.
///
/// As a process, *relay* (there are several): asks clients, one question at a time.
///
/// - In: `code questions`, from the links.
/// - Out: the answers, straight to the connections that asked.
/// - Ends when `code questions` is done. A client that does not answer never ends it.
final class CodeRelay implements Body {
  private static final Logger log = LoggerFactory.getLogger(CodeRelay.class);
  private static final int QUESTIONS_MAX = 256;
  private static final int NAMES_MAX = 2_048;
  private static final int CODE_BASES_MAX = 100_000;
  private static final long CACHE_BYTES_MAX = 64L << 20;
  /// For all clients together, and shorter than workers wait for the scheduler, so that they hear whose
  /// silence it was.
  private static final Duration TIMEOUT = Duration.ofSeconds(8);
  /// A client that is silent is so about all of its code.
  private static final Object CODE = "code";

  private record Waiter(Connection to, long correlation) {}

  private final Channel<CodeQuestion> questions;
  private final Patience patience;

  // All below is guarded by this.
  private final Map<CodeBaseId, Set<Connection>> clients = new HashMap<>();
  private final Map<CodeQuestion, List<Waiter>> underWay = new HashMap<>();
  private final CodeCache cache = new CodeCache(CACHE_BYTES_MAX);

  CodeRelay(String name) {
    this(name, new Patience());
  }

  CodeRelay(String name, Patience patience) {
    this.patience = patience;
    questions = Channel.bounded("code questions " + name, QUESTIONS_MAX);
  }

  /// A client named a code base, so it can be asked about it.
  synchronized void heardOf(CodeBaseId codeBase, Connection client) {
    if (clients.size() < CODE_BASES_MAX && client.isOpen()) {
      clients.computeIfAbsent(codeBase, _ -> new LinkedHashSet<>()).add(client);
    }
  }

  /// A connection has ended.
  synchronized void gone(Connection connection) {
    clients.values().removeIf(those -> those.remove(connection) && those.isEmpty());
    underWay.values().forEach(waiters -> waiters.removeIf(one -> one.to().equals(connection)));
  }

  /// Answers a question now or later; never waits.
  void ask(CodeQuestion question, Connection from, long correlation) {
    var now = answerNow(question, new Waiter(from, correlation));
    now.ifPresent(answer -> reply(from, correlation, answer));
  }

  private synchronized Optional<Message.Response> answerNow(CodeQuestion question,
      Waiter waiter) {
    var known = switch (question) {
      case CodeQuestion.Names names when names.names().size() > NAMES_MAX ->
        Optional.of(tooMany(names.names().size()));
      case CodeQuestion.Names names -> cache.answer(names).map(Message.Content::new);
      case CodeQuestion.Contents(var hashes) when hashes.size() > NAMES_MAX ->
        Optional.of(tooMany(hashes.size()));
      case CodeQuestion.Contents(var hashes) -> cache.hasAll(hashes)
          ? Optional.of(blobs(hashes))
          : Optional.<Message.Response>empty();
    };
    if (known.isPresent()) {
      return Optional.of(known.get());
    }
    var waiters = underWay.get(question);
    if (waiters != null) {
      waiters.add(waiter);
    } else if (questions.offer(question)) {
      underWay.put(question, new ArrayList<>(List.of(waiter)));
    } else {
      return Optional.of(new Message.Refused(Reason.BUSY,
          "too many questions about code at once; ask again in a moment"));
    }
    return Optional.empty();
  }

  private static Message.Response tooMany(int count) {
    return new Message.Refused(Reason.BAD_REQUEST, count + " names or contents were asked for at"
        + " once; at most " + NAMES_MAX + " may be");
  }

  private Message.Blobs blobs(List<ContentHash> hashes) {
    return new Message.Blobs(hashes.stream().map(cache::content).toList());
  }

  /// Ends the processes.
  void done() {
    questions.done();
  }

  // --- relay

  @Override
  public void run() throws InterruptedException {
    while (questions.receiveOrDone() instanceof CodeQuestion question) {
      var answer = switch (question) {
        case CodeQuestion.Names names -> content(names);
        case CodeQuestion.Contents(var hashes) -> contents(hashes);
      };
      List<Waiter> waiters;
      synchronized (this) {
        waiters = underWay.remove(question);
      }
      for (var waiter : waiters == null ? List.<Waiter>of() : waiters) {
        reply(waiter.to(), waiter.correlation(), answer);
        waiter.to().flush();
      }
    }
  }

  private static void reply(Connection to, long correlation, Message.Response answer) {
    try {
      to.reply(correlation, answer);
    } catch (UnsendableException e) {
      log.warn("{} asked for more code than fits one answer: {}", to.peer().name(),
          e.getMessage());
    }
  }

  private synchronized List<Connection> clientsWith(CodeBaseId codeBase) {
    return List.copyOf(clients.getOrDefault(codeBase, Set.of()));
  }

  /// That a name is not there is said only if the program says so that the classes are of: another
  /// client refuses to say that.
  private Message.Response content(CodeQuestion.Names names) throws InterruptedException {
    var said = new ArrayList<String>();
    var deadline = System.nanoTime() + TIMEOUT.toNanos();
    for (var client : clientsWith(names.codeBase())) {
      try {
        if (call(client, new Message.AskContent(names.codeBase(), names.names()),
            deadline) instanceof Message.Content(var hashes)) {
          learn(names, hashes, client);
          return new Message.Content(hashes);
        }
        said.add(client.peer().name() + " gave an answer that does not fit");
      } catch (IOException e) {
        said.add(client.peer().name() + ": " + e.getMessage());
      }
    }
    return unavailable(names.codeBase(), said);
  }

  private Message.Response call(Connection client, Message.Request request, long deadlineNanos)
      throws IOException, InterruptedException {
    var left = Duration.ofNanos(deadlineNanos - System.nanoTime());
    if (left.isNegative()) {
      throw new CallTimeoutException("not asked, since others did not answer in time");
    }
    return patience.call(client, CODE, request, left);
  }

  private synchronized void learn(CodeQuestion.Names names, Map<String, ContentHash> hashes,
      Connection client) {
    cache.put(names, hashes);
    for (var name : hashes.keySet()) {
      CodeQuestion.owner(name).ifPresent(owner -> heardOf(owner, client));
    }
  }

  private static Message.Refused unavailable(CodeBaseId codeBase, List<String> said) {
    return new Message.Refused(Reason.UNAVAILABLE, "code base " + codeBase + " cannot be had now: "
        + (said.isEmpty()
            ? "no client that has it is connected"
            : String.join("; ", said))
        + ". Keep the program that it comes from running while its code is in use");
  }

  private Message.Response contents(List<ContentHash> hashes) throws InterruptedException {
    var found = new HashMap<ContentHash, byte[]>();
    Message.Refused failure = null;
    for (var each : missing(hashes, found).entrySet()) {
      var refused = fetch(each.getKey(), each.getValue(), found);
      if (refused.isPresent()) {
        failure = refused.get();
      }
    }
    // What is wanted most comes first; the rest was only expected to be needed next.
    return failure != null && !found.containsKey(hashes.getFirst())
        ? failure
        : new Message.Blobs(
            hashes.stream().map(hash -> Optional.ofNullable(found.get(hash))).toList());
  }

  private synchronized Map<CodeBaseId, List<ContentHash>> missing(List<ContentHash> hashes,
      Map<ContentHash, byte[]> found) {
    var missing = new LinkedHashMap<CodeBaseId, List<ContentHash>>();
    for (var hash : hashes) {
      cache.content(hash).ifPresentOrElse(content -> found.put(hash, content),
          () -> cache.origin(hash).ifPresent(
              codeBase -> missing.computeIfAbsent(codeBase, _ -> new ArrayList<>()).add(hash)));
    }
    return missing;
  }

  private Optional<Message.Refused> fetch(CodeBaseId codeBase, List<ContentHash> hashes,
      Map<ContentHash, byte[]> found) throws InterruptedException {
    var said = new ArrayList<String>();
    var deadline = System.nanoTime() + TIMEOUT.toNanos();
    for (var client : clientsWith(codeBase)) {
      try {
        if (call(client, new Message.AskBlobs(hashes), deadline) instanceof Message.Blobs(var blobs)
            && blobs.size() == hashes.size()) {
          keep(codeBase, hashes, blobs, found);
          if (found.containsKey(hashes.getFirst())) {
            return Optional.empty();
          }
          said.add(client.peer().name() + " no longer has what it said");
        } else {
          said.add(client.peer().name() + " gave an answer that does not fit");
        }
      } catch (IOException e) {
        said.add(client.peer().name() + ": " + e.getMessage());
      }
    }
    return Optional.of(unavailable(codeBase, said));
  }

  private synchronized void keep(CodeBaseId codeBase, List<ContentHash> hashes,
      List<Optional<byte[]>> contents, Map<ContentHash, byte[]> found) {
    for (var i = 0; i < hashes.size(); i++) {
      var hash = hashes.get(i);
      var content = contents.get(i).filter(bytes -> ContentHash.of(bytes).equals(hash));
      content.ifPresent(bytes -> {
        found.put(hash, bytes);
        cache.put(hash, bytes);
      });
      if (content.isEmpty()) {
        // Perhaps the program has changed: the next who asks for the name gets a new answer.
        cache.forgetAnswers(codeBase);
      }
    }
  }

  synchronized long cachedBytes() {
    return cache.bytes();
  }
}
