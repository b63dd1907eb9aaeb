package dev.heddle.scheduler;

import dev.heddle.wire.Key;
import dev.heddle.wire.TaskKeys;
import dev.heddle.wire.WorkerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The table of tasks: by id, by the number of an assignment, and by key. Every change of a state goes
/// through [#to], which also tells the [Story].
final class Tasks {
  /// An assignment's number is the task's id in these lowest bits, and how often that id was assigned above
  /// them.
  private static final int ID_BITS = 28;
  private static final int ID_MASK = (1 << ID_BITS) - 1;
  /// The most tasks at a time.
  static final int TASKS_MAX = 1 << ID_BITS;

  private final String namespace;
  private final Clients clients;
  private final Story story;
  private @Nullable Task[] table = new @Nullable Task[1024];
  private int[] assignments = new int[1024];
  private int[] free = new int[1024];
  private int freeCount;
  /// Ids below this are or were in use.
  private int end;
  private final long[] counts = new long[TaskState.values().length];
  /// Tasks whose key a client gave, by that key without what follows the `@`.
  private final Map<String, Task> given = new HashMap<>();
  private final Tally tally;
  private long nowNanos;

  Tasks(String namespace, Clients clients, Story.Audience audience, Tally tally) {
    this.namespace = namespace;
    this.clients = clients;
    this.tally = tally;
    story = new Story(audience);
  }

  void itIs(long nanos) {
    nowNanos = nanos;
  }

  long nowNanos() {
    return nowNanos;
  }

  int size() {
    return end - freeCount;
  }

  // --- come and go

  Task open(Template template, long number, long rank, Task[] inputs, @Nullable Object argument) {
    int id;
    if (freeCount > 0) {
      id = free[--freeCount];
    } else {
      if (end == table.length) {
        if (end >= TASKS_MAX) {
          throw new IllegalStateException("there are " + end
              + " tasks, as many as a scheduler can have; drop futures that are not needed");
        }
        table = Arrays.copyOf(table, 2 * end);
        assignments = Arrays.copyOf(assignments, 2 * end);
      }
      id = end++;
    }
    var task = new Task(id, template, number, rank, inputs, argument);
    table[id] = task;
    template.shelf.tasks++;
    counts[TaskState.RELEASED.code()]++;
    template.pace.opened();
    if (template.fingerprint != null) {
      given.put(givenText(template.name), task);
    }
    return task;
  }

  void forget(Task task) {
    to(task, TaskState.FORGOTTEN, Cause.UNNEEDED, null);
    table[task.id] = null;
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, 2 * freeCount);
    }
    free[freeCount++] = task.id;
    task.template.shelf.left();
    task.template.owner.numbers.remove(task.number);
    if (task.template.fingerprint != null) {
      given.remove(givenText(task.template.name), task);
    }
  }

  void to(Task task, TaskState next, Cause because, @Nullable WorkerId who) {
    story.add(nowNanos, task, task.state, next, because, who);
    counts[task.state.code()]--;
    counts[next.code()]++;
    task.template.pace.moved(task.state, next);
    tally.moves(task, next, because, nowNanos);
    task.state = next;
  }

  // --- assignments

  /// A number that is used for one assignment of this task alone.
  long nextAssignment(Task task) {
    return (((long) ++assignments[task.id] << ID_BITS) & Long.MAX_VALUE) | task.id;
  }

  /// @return the task that has this assignment now; null if it is over
  @Nullable
  Task assigned(long assignment) {
    var id = (int) assignment & ID_MASK;
    var task = assignment <= 0 || id >= end ? null : table[id];
    return task != null && task.assignment == assignment ? task : null;
  }

  // --- by id and key

  @Nullable
  Task byId(int id) {
    return id < end ? table[id] : null;
  }

  /// Ids are below this.
  int idsEnd() {
    return end;
  }

  @Nullable
  Task find(Key key) {
    if (key.has('@')) {
      var task = given.get(givenText(key));
      if (task != null && task.template.name.equals(key)) {
        return task;
      }
    }
    var numbered = TaskKeys.numberedOf(key, namespace);
    if (numbered.isEmpty()) {
      return null;
    }
    var client = clients.find(numbered.get().client());
    var task = client == null ? null : client.numbers.get(numbered.get().number());
    return task != null && task.key().equals(key) ? task : null;
  }

  /// The task whose given key says the same before the `@`.
  @Nullable
  Task sameGiven(Key key) {
    return given.get(givenText(key));
  }

  private static String givenText(Key key) {
    var at = key.text().lastIndexOf('@');
    return at < 0 ? key.text() : key.text().substring(0, at);
  }

  // --- for people

  Map<String, Long> counts() {
    var byName = new TreeMap<String, Long>();
    for (var state : TaskState.values()) {
      if (state != TaskState.FORGOTTEN) {
        byName.put(state.text(), counts[state.code()]);
      }
    }
    return byName;
  }

  long count(TaskState state) {
    return counts[state.code()];
  }

  List<Task> all() {
    var all = new ArrayList<Task>();
    for (var id = 0; id < end; id++) {
      var task = table[id];
      if (task != null) {
        all.add(task);
      }
    }
    return all;
  }

  List<String> story(Task task) {
    return lines(task).stream().map(Story.Line::toString).toList();
  }

  private List<Story.Line> lines(Task task) {
    return story.of(task.template.owner.serial, task.number);
  }

  List<Story.Line> story(Key key) {
    var task = find(key);
    if (task != null) {
      return lines(task);
    }
    var numbered = TaskKeys.numberedOf(key, namespace);
    var serial = numbered.isEmpty() ? -1 : clients.serial(numbered.get().client());
    return serial < 0 ? List.of() : story.of(serial, numbered.get().number());
  }

  /// How many transitions there ever were.
  long moves() {
    return story.count();
  }

  String tellStories(int max) {
    return story.tell(max);
  }

  ImpossibleEventException impossible(Task task, String what) {
    return new ImpossibleEventException(task, what, story(task));
  }
}
