package dev.heddle.cli;

import dev.heddle.wire.Address;
import dev.heddle.wire.Message.ChannelLine;
import dev.heddle.wire.Message.ProcessLine;
import dev.heddle.wire.Message.TurnLine;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Prints one node: the drawing of docs/architecture.md with figures, then each process.
final class NodePage {
  /// Which processes take from which channel, by the names in the drawing.
  private static final Map<String, String> TAKERS = taking();

  private final PrintWriter out;
  private final NodeRates rates;

  NodePage(PrintWriter out, NodeRates rates) {
    this.out = out;
    this.rates = rates;
  }

  private static Map<String, String> taking() {
    var takers = new LinkedHashMap<String, String>();
    takers.put("executions", "slot");
    takers.put("fetches", "gather");
    takers.put("servings", "serve");
    takers.put("copies", "take");
    takers.put("departures", "depart");
    takers.put("spills", "spill");
    takers.put("code questions", "relay");
    takers.put("store questions", "ask-store");
    return takers;
  }

  void print(Address address) {
    var now = rates.now();
    out.println(now.role() + " " + now.node() + " at " + address + ", pid " + now.pid());
    drawing();
    tree();
    for (var cycle : now.cycles()) {
      out.println("  These wait for each other, and none of them goes on:");
      cycle.lines().forEach(line -> out.println("    " + line));
    }
    if (now.omitted() > 0) {
      out.println("  … and " + now.omitted() + " more processes and channels");
    }
    out.println();
  }

  // --- the drawing

  private void drawing() {
    var roles = new LinkedHashMap<String, List<ProcessLine>>();
    for (var process : rates.now().processes()) {
      roles.computeIfAbsent(role(process), _ -> new ArrayList<>()).add(process);
    }
    for (var turn : rates.now().turns()) {
      out.println("  link" + figures(roles.getOrDefault("link", List.of())) + " ──► "
          + rates.shortName(turn.name()) + " (" + text(turn) + ")");
    }
    for (var channel : rates.now().channels()) {
      var name = rates.shortName(channel.name());
      var taker = TAKERS.get(name);
      if (taker != null) {
        out.println("    ├─► " + text(name, channel) + " ──► " + taker
            + figures(roles.getOrDefault(taker, List.of())));
      }
    }
    var rest = new ArrayList<String>();
    roles.forEach((role, processes) -> {
      if (!role.equals("link") && !TAKERS.containsValue(role)) {
        rest.add(role + figures(processes));
      }
    });
    out.println("    └── " + String.join("   ", rest));
    for (var channel : rates.now().channels()) {
      var name = rates.shortName(channel.name());
      if (!TAKERS.containsKey(name) && channel.size() > 0) {
        out.println("        " + text(name, channel));
      }
    }
  }

  /// What a process is called in the drawing: without a number, and without whom it serves.
  private String role(ProcessLine process) {
    return rates.shortName(process.name()).replaceFirst(" .*", "").replaceFirst("-[0-9]+$", "");
  }

  private static String figures(List<ProcessLine> processes) {
    var busy = processes.stream().filter(each -> each.activity().startsWith("running")).count();
    var text = processes.size() == 1 ? "" : " ×" + processes.size();
    return busy == 0 ? text : text + " (" + busy + " at work)";
  }

  private String text(TurnLine turn) {
    var held = turn.holder().isEmpty()
        ? "free"
        : "held by " + rates.shortName(turn.holder()) + " since " + since(turn.sinceMicros());
    return held + ", " + turn.waiting() + " wait, " + rate(rates.taken(turn)) + " turns/s";
  }

  private String text(String name, ChannelLine channel) {
    return name + " " + channel.size() + " of " + channel.capacity() + ", "
        + rate(rates.through(channel)) + "/s";
  }

  // --- the tree

  private void tree() {
    var rows = new ArrayList<List<String>>();
    List<String> shown = List.of(rates.now().node());
    for (var process : rates.now().processes()) {
      var scopes = process.scopes();
      for (var depth = 0; depth < scopes.size(); depth++) {
        if (!scopes.get(depth).equals(rates.now().node())
            && (depth >= shown.size() || !shown.subList(0, depth + 1).equals(
                scopes.subList(0, depth + 1)))) {
          rows.add(List.of("  ".repeat(depth + 1) + rates.shortName(scopes.get(depth)), "", "", "",
              "", "", ""));
        }
      }
      shown = scopes;
      rows.add(List.of("  ".repeat(scopes.size() + 1) + rates.shortName(process.name()),
          process.kind(), since(process.sinceMicros()), String.valueOf(process.received()),
          rate(rates.received(process)), String.valueOf(process.sent()), process.activity()));
    }
    Output.table(out, List.of("  PROCESS", "THREAD", "SINCE", "IN", "IN/S", "OUT", "DOES"), rows);
  }

  static String since(long micros) {
    var seconds = micros / 1e6;
    return seconds < 60
        ? String.format(Locale.ROOT, "%.1f s", seconds)
        : seconds < 3_600
            ? (long) seconds / 60 + " min " + (long) seconds % 60 + " s"
            : (long) seconds / 3_600 + " h " + (long) seconds / 60 % 60 + " min";
  }

  private static String rate(double perSecond) {
    return perSecond > 0 && perSecond < 10
        ? String.format(Locale.ROOT, "%.1f", perSecond)
        : String.format(Locale.ROOT, "%.0f", perSecond);
  }
}
