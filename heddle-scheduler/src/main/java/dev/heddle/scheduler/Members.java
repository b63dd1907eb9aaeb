package dev.heddle.scheduler;

import dev.heddle.metadata.MetadataException;
import dev.heddle.metadata.MetadataStore;
import dev.heddle.metadata.Watch;
import dev.heddle.process.Body;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Change;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.TaskKeys;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The process *members*: sees in the store which workers there are, and has each attended; passes
/// on what the store hears of the keys of this scheduler.
///
/// - In: the watch of the store.
/// - Out: an *attend* process for each life of a worker; registrations, to the core.
/// - Ends when the store is closed. A store that is away never ends it: what was missed meanwhile is
///   looked up when it is back.
final class Members implements Body {
  private static final Logger log = LoggerFactory.getLogger(Members.class);
  private static final Duration NAP = Duration.ofSeconds(30);
  private static final Duration AGAIN = Duration.ofMillis(500);

  private final MetadataStore store;
  private final Watch watch;
  private final String namespace;
  private final Control control;
  private final Hiring hiring;
  private final Consumer<Attendant> start;
  /// By the worker's name. Those that are over stay until the worker's lease has ended.
  private final Map<String, Attendant> attended = new HashMap<>();

  /// Makes the process for a worker.
  interface Hiring {
    /// @param before attended the same life until now, if somebody did
    Attendant of(WorkerInfo worker, @Nullable Attendant before);
  }

  /// @param hiring makes the process for a worker
  /// @param start starts it
  Members(MetadataStore store, Watch watch, String namespace, Control control,
      Hiring hiring, Consumer<Attendant> start) {
    this.store = store;
    this.watch = watch;
    this.namespace = namespace;
    this.control = control;
    this.hiring = hiring;
    this.start = start;
  }

  @Override
  public void run() throws InterruptedException {
    try {
      var isStale = !look(false);
      while (true) {
        var received = watch.receive(isStale ? AGAIN : NAP);
        if (received.isPresent()) {
          isStale |= received.get().lost();
          received.get().changes().stream().forEach(this::changed);
          report(received.get().changes());
        }
        if (isStale) {
          isStale = !look(true);
        }
      }
    } catch (MetadataException e) {
      log.debug("the store is not watched any more", e);
    }
  }

  private void changed(Change change) {
    switch (change) {
      case Change.Joined(var worker) -> joined(worker);
      case Change.Left(var worker) -> left(worker);
      case Change.Registered _,Change.Unregistered _ -> {
        // For the core; see below.
      }
    }
  }

  private void joined(WorkerInfo worker) {
    var before = attended.get(worker.id().name());
    if (before != null) {
      if (!before.worker().id().equals(worker.id())) {
        before.succeeded();
      } else if (before.joined()) {
        return;
      }
    }
    var attend = hiring.of(worker,
        before != null && before.worker().id().equals(worker.id()) ? before : null);
    attended.put(worker.id().name(), attend);
    start.accept(attend);
  }

  private void left(WorkerId worker) {
    var attend = attended.get(worker.name());
    if (attend != null && attend.worker().id().equals(worker)) {
      attend.leaseEnded();
      if (attend.isOver()) {
        attended.remove(worker.name());
      }
    }
  }

  /// Passes on what the store heard of keys of this scheduler, in order.
  private void report(List<Change> changes) {
    var events = new ArrayList<SchedulerEvent>();
    WorkerId of = null;
    var entries = new ArrayList<Entry>();
    for (var change : changes) {
      if (change instanceof Change.Registered(var worker, var key, var size) && isOwn(key)) {
        if (!worker.equals(of)) {
          add(events, of, entries);
          of = worker;
        }
        entries.add(new Entry(key, size));
      } else if (change instanceof Change.Unregistered(var worker, var key) && isOwn(key)) {
        add(events, of, entries);
        of = null;
        events.add(new SchedulerEvent.Unregistered(worker, List.of(key)));
      }
    }
    add(events, of, entries);
    if (!events.isEmpty()) {
      control.report(events);
    }
  }

  private static void add(List<SchedulerEvent> events,
      @Nullable WorkerId of, List<Entry> entries) {
    if (of != null && !entries.isEmpty()) {
      events.add(new SchedulerEvent.Registered(of, List.copyOf(entries)));
      entries.clear();
    }
  }

  private boolean isOwn(Key key) {
    return TaskKeys.isOf(key, namespace);
  }

  /// Looks at what is, rather than at what changes.
  ///
  /// @param wholly also at what workers have
  /// @return false if the store is away
  private boolean look(boolean wholly) throws InterruptedException {
    try {
      var workers = store.workers();
      var ids = workers.stream().map(WorkerInfo::id).collect(Collectors.toSet());
      List.copyOf(attended.values()).stream().map(attend -> attend.worker().id())
          .filter(id -> !ids.contains(id)).forEach(this::left);
      workers.forEach(this::joined);
      for (var worker : wholly ? workers : List.<WorkerInfo>of()) {
        tellAllOf(worker);
      }
      return true;
    } catch (MetadataException e) {
      log.warn("the store of who has what is away, and is asked again: {}", e.getMessage());
      return false;
    }
  }

  private void tellAllOf(WorkerInfo worker) throws MetadataException, InterruptedException {
    var entries = new ArrayList<Entry>();
    store.hasWhat(worker.id().name(), entry -> {
      if (isOwn(entry.key())) {
        entries.add(entry);
      }
    });
    if (!entries.isEmpty()) {
      control.report(new SchedulerEvent.Registered(worker.id(), entries));
    }
  }
}
