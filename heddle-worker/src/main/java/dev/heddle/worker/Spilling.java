package dev.heddle.worker;

import dev.heddle.process.Body;
import dev.heddle.process.FlightEvents;
import dev.heddle.process.Source;
import dev.heddle.wire.Key;
import dev.heddle.wire.Payload;
import dev.heddle.worker.WorkerCommand.Spill;
import dev.heddle.worker.WorkerEvent.SpillEnded;
import dev.heddle.worker.WorkerEvent.SpillEnded.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes values to disk, and deletes what nobody needs there.
///
/// - In: `spills`, from the core, one [Spill] at a time, and any number of deletions.
/// - Out: how each [Spill] ended, to the core.
/// - Ends when `spills` is done. A disk that fails never ends it: that is an event.
final class Spilling implements Body {
  private static final Logger LOG = LoggerFactory.getLogger(Spilling.class);

  /// What is to be done on disk.
  sealed interface Job {
    record Write(Spill spill) implements Job {}

    record Delete(Spilled.Deletion deletion) implements Job {}
  }

  private record Written(int index, StoredValue value, Spilled file, long encodedBytes) {}

  private final Source<Job> spills;
  private final SpillDirectory directory;
  private final NodeCode code;
  private final Control control;
  private final ActivityLog log;

  Spilling(Source<Job> spills, SpillDirectory directory, NodeCode code, Control control,
      ActivityLog log) {
    this.spills = spills;
    this.directory = directory;
    this.code = code;
    this.control = control;
    this.log = log;
  }

  @Override
  public void run() throws InterruptedException {
    directory.removeOthersRemains();
    while (spills.receiveOrDone() instanceof Job job) {
      switch (job) {
        case Job.Write(var spill) -> control.report(outcomeOf(spill));
        case Job.Delete(var deletion) -> delete(deletion);
      }
    }
  }

  static void delete(Spilled.Deletion deletion) {
    try {
      deletion.run();
    } catch (IOException e) {
      LOG.warn("cannot delete a file of values that nobody needs; it goes with the worker: {}",
          e.toString());
    }
  }

  private SpillEnded outcomeOf(Spill spill) {
    var outcomes = new ArrayList<>(Collections.nCopies(spill.parts().size(), Outcome.FAILED));
    var trouble = Optional.<String>empty();
    try {
      var event = FlightEvents.arePrepared() && SpillEvent.isOn() ? new SpillEvent() : null;
      if (event != null) {
        event.begin();
      }
      var started = System.nanoTime();
      var written = write(spill.parts(), outcomes);
      if (!written.isEmpty()) {
        log.spilled(spill.parts().get(written.getFirst().index).key(), written.size(),
            written.stream().mapToLong(Written::encodedBytes).sum(), started, System.nanoTime());
      }
      if (event != null) {
        event.values = written.size();
        event.commit();
      }
      written.forEach(each -> {
        each.value.spilled(each.file, each.encodedBytes);
        outcomes.set(each.index, Outcome.WRITTEN);
      });
    } catch (IOException | OutOfMemoryError e) {
      LOG.debug("cannot spill", e);
      trouble = Optional.of(switch (e) {
        case SpillException known -> String.valueOf(known.getMessage());
        case IOException other -> other.toString();
        default -> "there is no memory to do it with";
      });
    }
    return new SpillEnded(outcomes, trouble);
  }

  private List<Written> write(List<Spill.Part> parts, List<Outcome> outcomes)
      throws IOException {
    var written = new ArrayList<Written>();
    var bytes = parts.stream().mapToLong(part -> part.value().sizeBytes()).sum();
    try (var writer = directory.writer(bytes)) {
      for (var i = 0; i < parts.size(); i++) {
        var value = (StoredValue) parts.get(i).value();
        if (encoded(parts.get(i).key(), value) instanceof Optional<Payload> encoded
            && encoded.isPresent()) {
          written.add(new Written(i, value, writer.add(parts.get(i).key(), encoded.get()),
              encoded.get().sizeBytes()));
        } else {
          outcomes.set(i, Outcome.UNWRITABLE);
        }
      }
      if (!written.isEmpty()) {
        writer.complete();
      }
    }
    return written;
  }

  /// A value that cannot be serialized stays in memory.
  private Optional<Payload> encoded(Key key, StoredValue value) {
    try {
      return Optional.of(value.encoded(code));
    } catch (RuntimeException | StackOverflowError e) {
      LOG.info("'{}' stays in memory, since it cannot be written to disk: {}", key, e.toString());
      return Optional.empty();
    }
  }
}
