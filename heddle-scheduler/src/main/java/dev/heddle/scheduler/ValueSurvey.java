package dev.heddle.scheduler;

import dev.heddle.wire.LongMap;
import dev.heddle.wire.Message;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// Which values there are: by name and worker, and the largest.
final class ValueSurvey implements Survey {
  private static final int GROUPS_MAX = 2_000;
  /// Beyond so many pairs of name and worker, values are counted but not told apart.
  private static final int GROUPS_KEPT_MAX = 100_000;
  private static final int LARGEST_MAX = 200;

  private static final class Group {
    final Pace pace;
    final Member member;
    long values;
    long sizeBytes;

    Group(Pace pace, Member member) {
      this.pace = pace;
      this.member = member;
    }
  }

  private record Large(Task task, long sizeBytes) {}

  private final int limit;
  private final LongMap<Group> groups = new LongMap<>();
  private final List<Group> inOrder = new ArrayList<>();
  private final PriorityQueue<Large> largest = new PriorityQueue<>(
      Comparator.comparingLong(Large::sizeBytes));
  private long count;
  private long sizeBytes;

  ValueSurvey(int limit) {
    this.limit = Math.clamp(limit, 1, LARGEST_MAX);
  }

  @Override
  public void look(Task task) {
    var holder = task.holder;
    if (task.state != TaskState.MEMORY || holder == null) {
      return;
    }
    var size = Math.max(0, task.sizeBytes);
    count++;
    sizeBytes += size;
    held(task.template.pace, holder, size);
    for (var other : task.moreHolders) {
      held(task.template.pace, other, size);
    }
    if (largest.size() < limit) {
      largest.add(new Large(task, size));
    } else if (largest.peek() instanceof Large least && least.sizeBytes < size) {
      largest.poll();
      largest.add(new Large(task, size));
    }
  }

  private void held(Pace pace, Member member, long size) {
    var pair = ((long) pace.place << 32) | member.serial;
    var group = groups.get(pair);
    if (group == null) {
      if (inOrder.size() >= GROUPS_KEPT_MAX) {
        return;
      }
      group = new Group(pace, member);
      groups.put(pair, group);
      inOrder.add(group);
    }
    group.values++;
    group.sizeBytes += size;
  }

  @Override
  public Message.Response result() {
    inOrder.sort(Comparator.comparingLong((Group group) -> -group.sizeBytes)
        .thenComparingLong(group -> -group.values));
    var told = inOrder.stream().limit(GROUPS_MAX).map(group -> new Message.ValueGroup(
        group.pace.name, group.member.name(), group.values, group.sizeBytes)).toList();
    var large = new ArrayList<>(largest);
    large.sort(Comparator.comparingLong((Large each) -> -each.sizeBytes));
    return new Message.Values(count, sizeBytes, told, inOrder.size() - told.size(),
        large.stream().filter(each -> each.task.state == TaskState.MEMORY)
            .map(each -> line(each.task)).toList());
  }

  private static Message.ValueLine line(Task task) {
    return new Message.ValueLine(task.key(), task.template.pace.name,
        task.end instanceof String type ? type : "", task.sizeBytes, Looking.holders(task),
        Looking.wanted(task), task.needed);
  }
}
