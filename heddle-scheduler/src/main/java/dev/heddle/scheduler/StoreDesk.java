package dev.heddle.scheduler;

import dev.heddle.metadata.MetadataServer;
import dev.heddle.metadata.MetadataStore;
import dev.heddle.process.Body;
import dev.heddle.process.Channel;
import dev.heddle.wire.Connection;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Incoming;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Reason;
import dev.heddle.wire.TaskKeys;
import dev.heddle.wire.UnsendableException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers those who take this scheduler for a store of who has what: which it is, unless it was
/// given another. What its own tasks left where, the core knows best.
///
/// As a process, *ask-store* (only where the store is elsewhere): asks it, one question at a time.
///
/// - In: `store questions`, from the links.
/// - Out: the answers, straight to the connections that asked.
/// - Ends when `store questions` is done. A store that is away never ends it: that is an answer.
final class StoreDesk implements Body {
  private static final Logger log = LoggerFactory.getLogger(StoreDesk.class);
  private static final int QUESTIONS_MAX = 256;
  private static final int KEYS_MAX = 5_000;
  private static final int HOLDERS_MAX = 8_000;

  private record Question(Connection from, long correlation, Message.Request request) {}

  private final MetadataStore store;
  private final @Nullable MetadataServer server;
  private final String namespace;
  private final Control control;
  private final Channel<Question> questions;
  /// Of connections that are being told what a worker has, page by page.
  private final Map<Connection, KnownInventory> inventories = new ConcurrentHashMap<>();

  /// @param server serves `store`, where that is in this process
  StoreDesk(MetadataStore store, @Nullable MetadataServer server, String name, String namespace,
      Control control) {
    this.store = store;
    this.server = server;
    this.namespace = namespace;
    this.control = control;
    questions = Channel.bounded("store questions " + name, QUESTIONS_MAX);
  }

  /// Answers what is for a store, now or later; never waits.
  void ask(Connection from, Incoming.Asked asked) {
    if (server != null) {
      if (asked.request() instanceof Message.WhoHas(var keys) && keys.size() <= KEYS_MAX
          && keys.stream().anyMatch(this::isOwn)) {
        reply(from, asked.correlation(), answer(asked.request()));
      } else if (asked.request() instanceof Message.HasWhat question) {
        reply(from, asked.correlation(), inventory(from, question));
      } else if (!server.handle(from, asked)) {
        throw new IllegalStateException("the store left " + asked + " unanswered");
      }
      return;
    }
    if (!isQuestion(asked.request())) {
      refuse(from, asked.correlation(), Reason.UNKNOWN_OPERATION,
          "this scheduler does not keep who has what itself; ask the store, " + store);
    } else if (!questions.offer(new Question(from, asked.correlation(), asked.request()))) {
      refuse(from, asked.correlation(), Reason.BUSY,
          "too many questions for the store at once; ask again in a moment");
    }
  }

  private static boolean isQuestion(Message.Request request) {
    return request instanceof Message.WhoHas || request instanceof Message.HasWhat
        || request instanceof Message.AskWorkers;
  }

  void closed(Connection connection) {
    inventories.remove(connection);
    if (server != null) {
      server.closed(connection);
    }
  }

  /// Ends the processes.
  void done() {
    questions.done();
  }

  @Override
  public void run() throws InterruptedException {
    while (questions.receiveOrDone() instanceof Question question) {
      reply(question.from(), question.correlation(), answer(question.request()));
      question.from().flush();
    }
  }

  private static void reply(Connection to, long correlation, Message.Response answer) {
    try {
      to.reply(correlation, answer);
    } catch (UnsendableException e) {
      // Whoever asked has been told by that.
      log.warn(
          "{} asked for more than fits one answer: {}", to.peer().name(), e.getMessage());
    }
  }

  private static void refuse(Connection to, long correlation, Reason reason, String message) {
    to.reply(correlation, new Message.Refused(reason, message));
  }

  private static Message.Refused tooMany(int keys) {
    return new Message.Refused(Reason.TOO_LARGE, "asked for " + keys + " keys at once; at most "
        + KEYS_MAX + " are answered");
  }

  private boolean isOwn(Key key) {
    return TaskKeys.isOf(key, namespace);
  }

  private Message.Response answer(Message.Request request) {
    try {
      if (request instanceof Message.WhoHas(var keys)) {
        return keys.size() > KEYS_MAX ? tooMany(keys.size()) : new Message.Holders(whoHas(keys));
      }
      if (request instanceof Message.HasWhat(var worker, var after, var limit)) {
        return store.hasWhat(worker, after, Math.clamp(limit, 1, MetadataStore.PAGE_MAX));
      }
      return new Message.Workers(store.workers());
    } catch (IOException e) {
      return new Message.Refused(Reason.UNAVAILABLE, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Message.Refused(Reason.DRAINING, "this node is shutting down");
    }
  }

  private Map<Key, List<Holder>> whoHas(List<Key> keys)
      throws IOException, InterruptedException {
    var stored = store.whoHas(keys);
    var own = keys.stream().filter(this::isOwn).toList();
    var known = own.isEmpty()
        ? Map.<Key, List<Holder>>of()
        : control.ask((state, _) -> state.whoHas(own));
    var most = Math.clamp(HOLDERS_MAX / Math.max(1, keys.size()), 1, MetadataStore.HOLDERS_MAX);
    var all = new LinkedHashMap<Key, List<Holder>>();
    for (var key : new LinkedHashSet<>(keys)) {
      var holders = merged(stored.getOrDefault(key, List.of()),
          known.getOrDefault(key, List.of()));
      if (!holders.isEmpty()) {
        all.put(key, holders.subList(0, Math.min(most, holders.size())));
      }
    }
    return all;
  }

  /// A page of what the store and the core know of a worker. What the core knows is looked up once for all
  /// pages.
  private Message.Response inventory(Connection from, Message.HasWhat question) {
    var answer = answer(question);
    if (!(answer instanceof Message.Inventory page)) {
      return answer;
    }
    if (question.after().isEmpty()) {
      inventories.put(from, new KnownInventory(question.worker(),
          control.ask((state, _) -> state.hasWhat(question.worker()))));
    }
    var known = inventories.get(from);
    if (known == null || !known.worker().equals(question.worker())) {
      return page;
    }
    var whole = known.completed(page, question.after(),
        Math.clamp(question.limit(), 1, MetadataStore.PAGE_MAX));
    if (!whole.more()) {
      inventories.remove(from);
    }
    return whole;
  }

  private static List<Holder> merged(List<Holder> stored, List<Holder> known) {
    if (known.isEmpty()) {
      return stored;
    }
    var all = new ArrayList<>(stored);
    for (var holder : known) {
      if (stored.stream().noneMatch(other -> other.worker().equals(holder.worker()))) {
        all.add(holder);
      }
    }
    return all;
  }
}
