package dev.heddle.worker;

import dev.heddle.process.Channel;
import dev.heddle.wire.Connection;
import dev.heddle.wire.Message;
import dev.heddle.wire.UnsendableException;
import dev.heddle.worker.WorkerCommand.AskPeers;
import dev.heddle.worker.WorkerCommand.Dismiss;
import dev.heddle.worker.WorkerCommand.Execute;
import dev.heddle.worker.WorkerCommand.Fetch;
import dev.heddle.worker.WorkerCommand.Forget;
import dev.heddle.worker.WorkerCommand.HandOver;
import dev.heddle.worker.WorkerCommand.Interrupt;
import dev.heddle.worker.WorkerCommand.LetGo;
import dev.heddle.worker.WorkerCommand.Locate;
import dev.heddle.worker.WorkerCommand.Register;
import dev.heddle.worker.WorkerCommand.Relieve;
import dev.heddle.worker.WorkerCommand.Reply;
import dev.heddle.worker.WorkerCommand.Serve;
import dev.heddle.worker.WorkerCommand.Spill;
import dev.heddle.worker.WorkerCommand.Stop;
import dev.heddle.worker.WorkerCommand.Survey;
import dev.heddle.worker.WorkerCommand.Tell;
import dev.heddle.worker.WorkerCommand.Unregister;
import dev.heddle.worker.WorkerCommand.Warn;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where each command of the core goes. Nothing here waits.
final class Outlets {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  private final Links links;
  private final Executor executor;
  private final Fetches fetches;
  private final Servings servings;
  private final Channel<WorkerCommand> departures;
  private final Channel<Spilling.Job> spills;
  private final StoreLink store;
  private final Consumer<Stop> stop;

  Outlets(Links links, Executor executor, Fetches fetches, Servings servings,
      Channel<WorkerCommand> departures, Channel<Spilling.Job> spills, StoreLink store,
      Consumer<Stop> stop) {
    this.links = links;
    this.executor = executor;
    this.fetches = fetches;
    this.servings = servings;
    this.departures = departures;
    this.spills = spills;
    this.store = store;
    this.stop = stop;
  }

  /// @param touched gets the connections that were written to, for the caller to flush
  void carryOut(WorkerCommand command, Set<Connection> touched) {
    switch (command) {
      case Reply(var asker, var response) -> reply(asker, response, touched);
      case Tell(var link, var notice) -> tell(link, notice, touched);
      case Dismiss(var link, var reason) ->
        links.connection(link).ifPresent(connection -> connection.close(reason));
      case Serve serve -> serve(serve, touched);
      case Execute execute -> executor.execute(execute);
      case Interrupt(_, var attempt) -> executor.interrupt(attempt);
      case Spill spill -> hand(spills, new Spilling.Job.Write(spill));
      case LetGo(var values) -> values.forEach(value -> ((StoredValue) value).letGo());
      case Forget(var value) -> ((StoredValue) value).forget().ifPresent(this::delete);
      case Warn(var message) -> LOG.warn("{}", message);
      case Fetch fetch -> fetches.fetch(fetch, touched);
      case Locate(var keys) -> store.locate(keys);
      case Register(var entries) -> store.register(entries);
      case Unregister(var keys) -> store.unregister(keys);
      case Survey survey -> hand(departures, survey);
      case HandOver handOver -> hand(departures, handOver);
      case AskPeers ask -> hand(departures, ask);
      case Relieve relieve -> hand(departures, relieve);
      case Stop stopping -> stop.accept(stopping);
    }
  }

  private void reply(Asker asker, Message.Response response, Set<Connection> touched) {
    links.connection(asker.link()).ifPresent(connection -> {
      Serving.answer(connection, asker.correlation(), response);
      touched.add(connection);
    });
  }

  /// A scheduler that cannot be told something has to be told all anew: its connection ends.
  private void tell(int link, Message.Notice notice, Set<Connection> touched) {
    links.connection(link).ifPresent(connection -> {
      try {
        connection.notice(notice);
        touched.add(connection);
      } catch (UnsendableException e) {
        connection.close("something cannot be told: " + e.getMessage());
      }
    });
  }

  private void serve(Serve serve, Set<Connection> touched) {
    links.connection(serve.asker().link()).ifPresent(connection -> {
      var serving = new Serving.Values(connection, serve.asker().correlation(), serve.found(),
          serve.others());
      if (servings.serve(serving)) {
        touched.add(connection);
      }
    });
  }

  /// Files are few, so that there is room; if not, it takes a moment of this turn.
  private void delete(Spilled.Deletion deletion) {
    if (!spills.offer(new Spilling.Job.Delete(deletion))) {
      Spilling.delete(deletion);
    }
  }

  /// The core has no more of these under way than the channel can hold.
  static <T> void hand(Channel<T> channel, T command) {
    if (!channel.offer(command)) {
      throw new IllegalStateException("the channel `" + channel.name() + "` is full: "
          + channel.size() + " commands are under way");
    }
  }
}
