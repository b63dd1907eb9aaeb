package dev.heddle.process;

import java.util.ArrayList;
import java.util.List;

/// Writes a [Snapshot] for people: aligned columns, a level of indentation a scope.
final class SnapshotTree {
  private static final String INDENT = "  ";

  private final StringBuilder text = new StringBuilder();

  private SnapshotTree() {}

  static String of(Snapshot snapshot) {
    var tree = new SnapshotTree();
    tree.processes(snapshot.processes());
    tree.channels(snapshot.channels());
    tree.turns(snapshot.turns());
    tree.cycles(snapshot.cycles());
    return tree.text.toString();
  }

  private void processes(List<ProcessInfo> processes) {
    var rows = new ArrayList<List<String>>();
    List<ScopeInfo> shown = List.of();
    for (var process : processes) {
      var scopes = process.scopes();
      for (int depth = sameUpTo(shown, scopes); depth < scopes.size(); depth++) {
        rows.add(List.of(INDENT.repeat(depth) + scopes.get(depth).name()));
      }
      shown = scopes;
      rows.add(List.of(INDENT.repeat(scopes.size()) + process.name(), Snapshot.word(process.kind()),
          process.activity() + " since " + Waits.text(process.since()),
          process.received() + " in, " + process.sent() + " out"));
    }
    table(rows);
  }

  private void channels(List<ChannelInfo> channels) {
    if (channels.isEmpty()) {
      return;
    }
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("channels"));
    for (var channel : channels) {
      rows.add(List.of(INDENT + channel.name(), channel.size() + " of " + channel.capacity(),
          channel.sent() + " sent", switch (channel.state()) {
            case OPEN -> "";
            case DONE -> "done";
            case FAILED -> "failed";
          }));
    }
    table(rows);
  }

  private void turns(List<TurnInfo> turns) {
    if (turns.isEmpty()) {
      return;
    }
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("turns"));
    for (var turn : turns) {
      rows.add(List.of(INDENT + turn.name(), turn.holder().isEmpty()
          ? "free"
          : "held by " + turn.holder() + " since " + Waits.text(turn.since()),
          turn.waiting() + " wait", turn.taken() + " taken"));
    }
    table(rows);
  }

  private void cycles(List<String> cycles) {
    for (var cycle : cycles) {
      text.append("these wait for each other, and none of them goes on:\n");
      cycle.lines().forEach(line -> text.append(INDENT).append(line).append('\n'));
    }
  }

  private void table(List<List<String>> rows) {
    var widths = new ArrayList<Integer>();
    for (var row : rows) {
      for (int i = 0; row.size() > 1 && i < row.size(); i++) {
        int width = row.get(i).length();
        if (i == widths.size()) {
          widths.add(width);
        } else if (width > widths.get(i)) {
          widths.set(i, width);
        }
      }
    }
    for (var row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        int pad = row.size() == 1 ? 0 : widths.get(i) - row.get(i).length();
        line.append(row.get(i)).repeat(" ", pad + 2);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
  }

  private static int sameUpTo(List<ScopeInfo> a, List<ScopeInfo> b) {
    int depth = 0;
    while (depth < a.size() && depth < b.size() && a.get(depth).equals(b.get(depth))) {
      depth++;
    }
    return depth;
  }
}
