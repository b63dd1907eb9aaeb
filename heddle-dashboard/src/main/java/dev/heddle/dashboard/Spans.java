package dev.heddle.dashboard;

import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Activity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the workers did lately: who ran what when, what they fetched, and what they wrote to disk. A ring: the oldest goes first.
///
/// For any number of threads.
final class Spans {
  /// So many are remembered.
  static final int COUNT_MAX = 100_000;
  private static final int NAMES_MAX = 2_000;
  private static final int LANES_MAX = 20_000;
  private static final int STEMS_MAX = 10_000;

  static final int RAN = 0;
  static final int FAILED = 1;
  static final int FETCHED = 2;
  static final int SPILLED = 3;

  private final long[] starts = new long[COUNT_MAX];
  private final long[] ends = new long[COUNT_MAX];
  private final int[] names = new int[COUNT_MAX];
  private final int[] lanes = new int[COUNT_MAX];
  private final byte[] kinds = new byte[COUNT_MAX];
  private final long[] bytes = new long[COUNT_MAX];
  private final @Nullable Key[] keys = new @Nullable Key[COUNT_MAX];
  private final @Nullable String[] others = new @Nullable String[COUNT_MAX];
  private final Names nameTable = new Names(NAMES_MAX);
  private final Names laneTable = new Names(LANES_MAX);
  /// How many there ever were.
  private long count;
  /// How many the workers had forgotten before they were asked.
  private long missed;

  synchronized void add(String worker, List<Activity> activities, boolean lost) {
    for (var activity : activities) {
      switch (activity) {
        case Activity.Ran(var key, var slot, var start, var end, var well) ->
          add(key, laneOf(worker, slot), well ? RAN : FAILED, start, end, 0, null);
        case Activity.Fetched(var from, var first, _, var size, var start, var end) ->
          add(first, laneOf(worker, -1), FETCHED, start, end, size, from);
        case Activity.Spilled(var first, _, var size, var start, var end) ->
          add(first, laneOf(worker, -2), SPILLED, start, end, size, null);
      }
    }
    if (lost) {
      missed++;
    }
  }

  private static String laneOf(String worker, int slot) {
    return worker + "\n" + slot;
  }

  private void add(Key key, String lane, int kind, long start, long end, long size,
      @Nullable String other) {
    var at = (int) (count++ % COUNT_MAX);
    starts[at] = start;
    ends[at] = end;
    names[at] = nameTable.of(Names.ofKey(key.text()));
    lanes[at] = laneTable.of(lane);
    kinds[at] = (byte) kind;
    bytes[at] = size;
    keys[at] = key;
    others[at] = other;
  }

  /// Those after the one with the number `after`, in the order in which they became known: in columns, times
  /// in microseconds since `base`.
  synchronized String json(long after, int limit) {
    var first = Math.max(after, Math.max(0, count - COUNT_MAX));
    var end = Math.min(count, first + limit);
    var base = first < end ? starts[(int) (first % COUNT_MAX)] : 0;
    var json = new Json().object().add("first", first).add("last", end).add("count", count)
        .add("gaps", missed).add("base", base);
    names(json, "names", nameTable);
    json.array("lanes");
    for (var i = 0; i < laneTable.size(); i++) {
      var lane = laneTable.get(i);
      var cut = lane.indexOf('\n');
      json.array().add(cut < 0 ? lane : lane.substring(0, cut))
          .add(cut < 0 ? 0 : Long.parseLong(lane.substring(cut + 1))).endArray();
    }
    json.endArray();
    column(json, "s", first, end, at -> starts[at] - base);
    column(json, "d", first, end, at -> Math.max(0, ends[at] - starts[at]));
    column(json, "n", first, end, at -> names[at]);
    column(json, "l", first, end, at -> lanes[at]);
    column(json, "k", first, end, at -> kinds[at]);
    return json.endObject().toString();
  }

  /// Of those after the one with the number `after` what [#json(long)] tells of each, in columns: keys as the
  /// place of what they begin with, -1 for nothing, and the rest.
  synchronized String details(long after) {
    var first = Math.max(after, Math.max(0, count - COUNT_MAX));
    var stems = new Names(STEMS_MAX);
    var whose = new Names(LANES_MAX);
    var json = new Json().object().add("first", first);
    column(json, "stem", first, count, at -> place(stems, stemOf(at)));
    json.array("rest");
    for (var i = first; i < count; i++) {
      var at = (int) (i % COUNT_MAX);
      var stem = stemOf(at);
      json.add(textOf(at).substring(place(stems, stem) < 0 ? 0 : stem.length()));
    }
    json.endArray();
    column(json, "bytes", first, count, at -> bytes[at]);
    column(json, "from", first, count,
        at -> others[at] instanceof String other ? place(whose, other) : -1);
    names(json, "stems", stems);
    names(json, "others", whose);
    return json.endObject().toString();
  }

  private String textOf(int at) {
    return keys[at] instanceof Key key ? key.text() : "";
  }

  /// What the keys of tasks that were submitted together have in common.
  private String stemOf(int at) {
    var text = textOf(at);
    return text.substring(0, Math.max(text.lastIndexOf('/'), text.lastIndexOf('-')) + 1);
  }

  /// -1 where there is no place for it any more.
  private static int place(Names names, String text) {
    var place = names.of(text);
    return names.get(place).equals(text) ? place : -1;
  }

  private static void names(Json json, String name, Names names) {
    json.array(name);
    for (var i = 0; i < names.size(); i++) {
      json.add(names.get(i));
    }
    json.endArray();
  }

  private interface Column {
    long at(int place);
  }

  private static void column(Json json, String name, long first, long end, Column column) {
    json.array(name);
    for (var i = first; i < end; i++) {
      json.add(column.at((int) (i % COUNT_MAX)));
    }
    json.endArray();
  }

  /// All of one.
  synchronized String json(long number) {
    if (number < Math.max(0, count - COUNT_MAX) || number >= count) {
      return new Json().object().add("known", false).endObject().toString();
    }
    var at = (int) (number % COUNT_MAX);
    var key = keys[at];
    var other = others[at];
    return new Json().object().add("known", true).add("key", key == null ? "" : key.text())
        .add("start", starts[at]).add("micros", ends[at] - starts[at]).add("bytes", bytes[at])
        .add("from", other == null ? "" : other).endObject().toString();
  }
}
