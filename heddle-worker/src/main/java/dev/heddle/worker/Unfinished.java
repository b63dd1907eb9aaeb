package dev.heddle.worker;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// Tasks that have not ended, in the order in which they came: a list through the tasks themselves. Owned by
/// [Computing].
final class Unfinished implements Iterable<Computation> {
  private @Nullable Computation first;
  private @Nullable Computation last;
  private int size;

  int size() {
    return size;
  }

  boolean contains(Computation task) {
    return task.isUnfinished;
  }

  /// @param task one that was never in it
  void add(Computation task) {
    task.isUnfinished = true;
    task.before = last;
    if (last == null) {
      first = task;
    } else {
      last.after = task;
    }
    last = task;
    size++;
  }

  void remove(Computation task) {
    if (!task.isUnfinished) {
      return;
    }
    task.isUnfinished = false;
    var before = task.before;
    var after = task.after;
    if (before == null) {
      first = after;
    } else {
      before.after = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.before = before;
    }
    task.before = null;
    task.after = null;
    size--;
  }

  /// Those that are in it now, for whoever changes it meanwhile.
  List<Computation> all() {
    var all = new ArrayList<Computation>(size);
    forEach(all::add);
    return all;
  }

  @Override
  public Iterator<Computation> iterator() {
    return new Iterator<>() {
      private @Nullable Computation next = first;

      @Override
      public boolean hasNext() {
        return next != null;
      }

      @Override
      public Computation next() {
        var task = next;
        if (task == null) {
          throw new NoSuchElementException();
        }
        next = task.after;
        return task;
      }
    };
  }
}
