package dev.heddle.scheduler;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Draws up the [SchedulerFigures]. A room of [SchedulerState].
final class Summing {
  private static final List<String> WORKER_STATES = List.of("running", "paused", "retiring",
      "balking", "away");

  private final Tasks tasks;
  private final Clients clients;
  private final Crew crew;
  private final Settling settling;
  private final Paces paces;
  private final Tally tally;

  Summing(Tasks tasks, Clients clients, Crew crew, Settling settling, Paces paces, Tally tally) {
    this.tasks = tasks;
    this.clients = clients;
    this.crew = crew;
    this.settling = settling;
    this.paces = paces;
    this.tally = tally;
  }

  SchedulerFigures figures() {
    var slots = 0;
    var busy = 0;
    for (var member : crew.all()) {
      if (!member.away) {
        slots += member.slots();
        busy += Math.clamp(member.occupied() + member.kept.size(), 0, member.slots());
      }
    }
    var here = 0;
    var away = 0;
    for (var client : clients.all()) {
      if (!client.left) {
        here += client.here ? 1 : 0;
        away += client.here ? 0 : 1;
      }
    }
    return new SchedulerFigures(tasks.counts(), tally.succeeded(), tally.failures(),
        tally.reruns(), tally.queueTimes(), paces.named(), workers(), slots, busy, tally.left,
        tally.died, tally.workersBack, here, away, tally.clientsBack, tally.defects,
        tally.standstills, settling.isHolding());
  }

  private Map<String, Long> workers() {
    var byState = new LinkedHashMap<String, Long>();
    WORKER_STATES.forEach(state -> byState.put(state, 0L));
    crew.all().forEach(member -> byState.merge(state(member), 1L, Long::sum));
    return byState;
  }

  private static String state(Member member) {
    if (member.away) {
      return "away";
    }
    if (member.retiring) {
      return "retiring";
    }
    if (!member.paused.isEmpty()) {
      return "paused";
    }
    return member.balking ? "balking" : "running";
  }
}
