package dev.heddle.simulation;

import dev.heddle.wire.ContentHash;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Operand;
import dev.heddle.wire.WorkerId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A task as a client of the simulation knows it.
final class ClientEntry {
  /// How it is submitted.
  sealed interface Spec {
    record Single(List<Operand> operands, List<Long> captured, Optional<ContentHash> fingerprint)
        implements
          Spec {}

    /// @param group the key of the map
    /// @param zero the number of its first element
    record Element(Key group, long zero, Operand operand, List<Long> captured) implements Spec {}

    record Placed(List<WorkerId> holders, long sizeBytes) implements Spec {}

    record Adopted(String name) implements Spec {}
  }

  sealed interface Outcome {
    record Here(long number, long sizeBytes) implements Outcome {}

    /// @param told how often this client was told how something ended until then
    record Elsewhere(List<Holder> holders, long told) implements Outcome {}

    record Failed(Key origin) implements Outcome {}

    record Cancelled() implements Outcome {}

    record Lost() implements Outcome {}
  }

  final long number;
  final List<ClientEntry> inputs;
  final boolean isAdopted;
  /// Unknown until an adoption was answered.
  @Nullable
  Key key;
  /// How to submit it again; null when that is not needed any more.
  @Nullable
  Spec spec;
  @Nullable
  Outcome outcome;
  /// How many that may be submitted again need it.
  int dependents;
  /// The connection on which the scheduler was last told of it; 0 for none.
  int toldEpoch;
  boolean dropped;
  /// Whether the program waits for its value.
  boolean wanted;
  boolean fetching;

  ClientEntry(long number, @Nullable Key key, Spec spec, List<ClientEntry> inputs) {
    this.number = number;
    this.key = key;
    this.spec = spec;
    this.inputs = List.copyOf(inputs);
    this.isAdopted = spec instanceof Spec.Adopted;
    inputs.forEach(input -> input.dependents++);
  }

  /// False while it is asked whose the published name is.
  boolean knowsKey() {
    return key != null;
  }

  Key key() {
    if (key == null) {
      throw new IllegalStateException("the key of task " + number + " is not known yet");
    }
    return key;
  }

  /// Whether nothing more is needed of the cluster.
  boolean isSettled() {
    return outcome != null && !(outcome instanceof Outcome.Elsewhere);
  }

  /// Whether there is a value, or may be.
  boolean isSound() {
    return outcome == null || outcome instanceof Outcome.Here
        || outcome instanceof Outcome.Elsewhere;
  }

  /// Whether the scheduler lacks it, and there is something to say.
  boolean isToTell(int epoch) {
    return toldEpoch != epoch && isSound()
        && (spec != null || outcome instanceof Outcome.Here);
  }

  /// How it ends because an input ended without a value; null if none has.
  @Nullable
  Outcome failureOfInputs() {
    for (var input : inputs) {
      if (!input.isSound()) {
        return input.outcome;
      }
    }
    return null;
  }

  @Override
  public String toString() {
    return number + " '" + key + "' " + (outcome == null ? "unfinished" : outcome);
  }
}
