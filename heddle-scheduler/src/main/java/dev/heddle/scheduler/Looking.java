package dev.heddle.scheduler;

import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Says how far everything is, for those who look on. A room of [SchedulerState]; what takes a look at every
/// task is a [Survey].
final class Looking {
  private static final int NAMES_MAX = 200;
  private static final int INPUTS_MAX = 200;
  private static final int DEPENDENTS_MAX = 50;
  private static final int HOLDERS_MAX = 20;
  private static final int MESSAGE_MAX = 2_000;

  private final Tasks tasks;
  private final Paces paces;
  private final Mishaps mishaps;
  private final Tally tally;

  Looking(Tasks tasks, Paces paces, Mishaps mishaps, Tally tally) {
    this.tasks = tasks;
    this.paces = paces;
    this.mishaps = mishaps;
    this.tally = tally;
  }

  /// @param nowNanos and at the same time `epochMillis`
  Message.Series series(long nowNanos, long epochMillis) {
    var known = new ArrayList<Pace>();
    for (var pace : paces.all()) {
      if (pace.active() > 0 || pace.done() > 0 || pace.failed() > 0
          || pace.count(TaskState.RELEASED) > 0) {
        known.add(pace);
      }
    }
    var lines = known.stream()
        .sorted(Comparator.comparing((Pace pace) -> pace.active() == 0)
            .thenComparingLong(pace -> -pace.active() - pace.done()))
        .limit(NAMES_MAX).map(pace -> new Message.SeriesLine(pace.name, counts(pace), pace.done(),
            pace.failed(), pace.meanNanos()))
        .toList();
    return new Message.Series(epochMillis, tasks.moves(), lines, known.size() - lines.size(),
        mishaps.all().stream().map(mishap -> line(mishap, nowNanos, epochMillis)).toList(),
        tally.reruns(), tally.died);
  }

  private static Map<String, Long> counts(Pace pace) {
    var counts = new LinkedHashMap<String, Long>();
    for (var state : TaskState.values()) {
      if (pace.count(state) > 0) {
        counts.put(state.text(), pace.count(state));
      }
    }
    return counts;
  }

  private Message.FailureLine line(Mishaps.Mishap mishap, long nowNanos,
      long epochMillis) {
    var verdict = mishap.verdict();
    return new Message.FailureLine(mishap.key(), mishap.pace().name,
        epochMillis - (nowNanos - mishap.atNanos()) / 1_000_000, verdict.failure().type(),
        cut(verdict.failure().message()),
        verdict.attempt().map(attempt -> attempt.worker()).orElse(""),
        mishaps.placeOf(mishap.key()));
  }

  private static String cut(String message) {
    return message.length() <= MESSAGE_MAX ? message : message.substring(0, MESSAGE_MAX) + "…";
  }

  Message.TaskDetail task(Key key) {
    var task = tasks.find(key);
    var mishap = mishaps.of(key);
    if (task == null) {
      return new Message.TaskDetail(key, mishap == null ? "" : mishap.pace().name, "unknown", "",
          "", -1, List.of(), 0, List.of(), 0, List.of(), 0,
          mishap == null
              ? Optional.empty()
              : Optional.of(mishap.verdict().failure().withoutOriginals()),
          mishap == null ? Optional.empty() : mishap.verdict().attempt(), mishaps.placeOf(key));
    }
    var verdict = task.end instanceof Verdict.Failed failed ? failed : null;
    var dependents = new ArrayList<Message.TaskLink>();
    for (var i = 0; i < task.dependentsCount && dependents.size() < DEPENDENTS_MAX; i++) {
      if (!task.dependents[i].has(Task.UNLINKED)) {
        dependents.add(link(task.dependents[i]));
      }
    }
    return new Message.TaskDetail(key, task.template.pace.name, task.state.text(),
        task.worker == null ? "" : task.worker.name(),
        task.end instanceof String type ? type : "", task.sizeBytes, holders(task), wanted(task),
        Stream.of(task.inputs).limit(INPUTS_MAX).map(Looking::link).toList(), task.inputs.length,
        dependents, task.dependentsLive,
        verdict == null ? Optional.empty() : Optional.of(verdict.failure().withoutOriginals()),
        verdict == null ? Optional.empty() : verdict.attempt(),
        verdict == null ? "" : mishaps.placeOf(verdict.root()));
  }

  static Message.TaskLink link(Task task) {
    return new Message.TaskLink(task.key(), task.state.text(), task.sizeBytes, holders(task));
  }

  static List<String> holders(Task task) {
    return Telling.holders(task).stream().limit(HOLDERS_MAX)
        .map(holder -> holder.worker().name()).toList();
  }

  static int wanted(Task task) {
    var wanted = task.has(Task.OWNER_WANTS) ? 1 : 0;
    return task.rare == null ? wanted : wanted + task.rare.wants.size() + task.rare.published;
  }

  // --- surveys

  Survey graph(String name, int limit) {
    return new GraphSurvey(name, limit, tasks.size());
  }

  Survey values(int limit) {
    return new ValueSurvey(limit);
  }

  /// Has a survey look at tasks with ids from `from` on.
  ///
  /// @param count how many ids
  /// @return where to go on; -1 if that was all
  int survey(Survey survey, int from, int count) {
    var end = (int) Math.min((long) from + count, tasks.idsEnd());
    for (var id = from; id < end; id++) {
      var task = tasks.byId(id);
      if (task != null) {
        survey.look(task);
      }
    }
    return end >= tasks.idsEnd() ? -1 : end;
  }
}
