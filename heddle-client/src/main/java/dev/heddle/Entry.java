package dev.heddle;

import dev.heddle.wire.Key;
import dev.heddle.wire.Operand;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/// A task as its client knows it. Does not keep the program's [Handle] alive: when that is gone,
/// nobody wants the task any more.
///
/// Everything but [#outcome] is guarded by the ledger's turn. One of these is there a future, so it
/// is small.
final class Entry extends WeakReference<Handle<?>> {
  private static final Entry[] NONE = new Entry[0];

  final long number;
  final Label label;
  /// Where it was submitted.
  final @Nullable CallSite submitted;

  /// Null while it is not done; written inside the turn.
  volatile @Nullable Outcome outcome;

  /// What it takes to submit it again; null when that is not needed any more.
  @Nullable
  Spec spec;
  /// For an element of a map.
  @Nullable
  Operand operand;
  /// The tasks that it needs.
  Entry[] inputs = NONE;
  /// How many that may be submitted again need it.
  int dependents;
  /// The connection on which the scheduler was last told of it; 0 for none.
  int toldEpoch;
  /// Whether the program has let go of it.
  boolean dropped;
  /// Those who want to know of its next outcome.
  @Nullable
  Waiter waiters;

  Entry(Handle<?> handle, ReferenceQueue<Handle<?>> collected, long number, Label label,
      @Nullable CallSite submitted) {
    super(handle, collected);
    this.number = number;
    this.label = label;
    this.submitted = submitted;
  }

  Key key() {
    return label.key(number);
  }

  /// Whether nothing more is needed of the cluster.
  boolean isSettled() {
    var end = outcome;
    return end != null && end.isSettled();
  }

  /// Forgets how to submit it again.
  Entry[] forget() {
    var before = inputs;
    spec = null;
    operand = null;
    inputs = NONE;
    return before;
  }

  @Override
  public String toString() {
    return key().text();
  }
}
