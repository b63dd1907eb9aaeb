package dev.heddle.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// What a scraper reads, parsed as strictly as the specifications of the Prometheus text format 0.0.4 and
/// of OpenMetrics 1.0.0 have it: what they do not allow is an error.
record Exposition(Map<String, Family> families, List<Sample> samples) {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
  private static final Pattern LABEL = Pattern
      .compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\n\"])*)\"(,|$)");
  private static final Pattern SAMPLE = Pattern
      .compile("(" + NAME + ")(?:\\{(.*)\\})? (\\S+)");
  private static final Set<String> TYPES = Set.of("counter", "gauge", "histogram", "summary",
      "info");

  record Family(String type, String help, String unit) {}

  record Sample(String name, Map<String, String> labels, double value) {}

  static Exposition parse(String text, boolean openMetrics) {
    require(text.endsWith("\n"), "the last line has no end");
    var lines = new ArrayList<>(text.lines().toList());
    if (openMetrics) {
      require("# EOF".equals(lines.removeLast()), "there is no # EOF at the end");
    }
    var types = new LinkedHashMap<String, String>();
    var helps = new HashMap<String, String>();
    var units = new HashMap<String, String>();
    var samples = new ArrayList<Sample>();
    var familiesInOrder = new ArrayList<String>();
    for (var line : lines) {
      if (line.startsWith("# ")) {
        var words = line.split(" ", 4);
        require(words.length == 4 && NAME.matcher(words[2]).matches(), line);
        var known = switch (words[1]) {
          case "TYPE" -> types.put(words[2], words[3]);
          case "HELP" -> helps.put(words[2], words[3]);
          case "UNIT" -> units.put(words[2], words[3]);
          default -> throw new IllegalArgumentException(line);
        };
        require(known == null, "twice: " + line);
        require(familiesInOrder.isEmpty() || !familiesInOrder.subList(0, familiesInOrder.size() - 1)
            .contains(words[2]), "not with its family: " + line);
      } else {
        var sample = sample(line);
        samples.add(sample);
        var family = familyOf(sample.name(), types, openMetrics);
        if (familiesInOrder.isEmpty() || !familiesInOrder.getLast().equals(family)) {
          require(!familiesInOrder.contains(family), "its family is in two places: " + line);
          familiesInOrder.add(family);
        }
      }
    }
    types.values().forEach(type -> require(TYPES.contains(type), "the type " + type));
    require(new HashSet<>(samples.stream().map(each -> each.name() + each.labels()).toList())
        .size() == samples.size(), "a sample is there twice");
    units.forEach((name, unit) -> require(name.endsWith("_" + unit), name + " in " + unit));
    var families = new LinkedHashMap<String, Family>();
    types.forEach((name, type) -> families.put(name,
        new Family(type, helps.getOrDefault(name, ""), units.getOrDefault(name, ""))));
    var parsed = new Exposition(families, samples);
    parsed.checkHistograms();
    return parsed;
  }

  private static Sample sample(String line) {
    var parts = SAMPLE.matcher(line);
    require(parts.matches(), line);
    var labels = new LinkedHashMap<String, String>();
    var rest = parts.group(2) == null ? "" : parts.group(2);
    while (!rest.isEmpty()) {
      var label = LABEL.matcher(rest);
      require(label.lookingAt(), line);
      require(labels.put(label.group(1), label.group(2)) == null, line);
      rest = rest.substring(label.end());
    }
    var value = parts.group(3);
    return new Sample(parts.group(1), labels,
        value.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(value));
  }

  private static String familyOf(String sample, Map<String, String> types, boolean openMetrics) {
    for (var suffix : List.of("", "_total", "_bucket", "_count", "_sum", "_info")) {
      if (sample.endsWith(suffix)) {
        var name = sample.substring(0, sample.length() - suffix.length());
        var type = types.getOrDefault(name, "");
        var fits = switch (type) {
          case "gauge" -> suffix.isEmpty();
          case "counter" -> suffix.equals(openMetrics ? "_total" : "");
          case "histogram" -> suffix.equals("_bucket") || suffix.equals("_count")
              || suffix.equals("_sum");
          case "summary" -> suffix.equals("_count") || suffix.equals("_sum");
          case "info" -> suffix.equals("_info");
          default -> false;
        };
        if (fits) {
          return name;
        }
      }
    }
    throw new IllegalArgumentException("no # TYPE before " + sample);
  }

  private void checkHistograms() {
    families.forEach((name, family) -> {
      if (family.type().equals("histogram")) {
        var byLabels = new LinkedHashMap<Map<String, String>, List<Sample>>();
        for (var bucket : all(name + "_bucket")) {
          var others = new HashMap<>(bucket.labels());
          require(others.remove("le") != null, name + " without le");
          byLabels.computeIfAbsent(others, _ -> new ArrayList<>()).add(bucket);
        }
        require(!byLabels.isEmpty(), name + " without buckets");
        byLabels.forEach((labels, buckets) -> {
          var before = 0.0;
          for (var bucket : buckets) {
            require(bucket.value() >= before, name + " falls at " + bucket);
            before = bucket.value();
          }
          require("+Inf".equals(buckets.getLast().labels().get("le")), name + " without +Inf");
          var count = all(name + "_count").stream().filter(each -> each.labels().equals(labels))
              .findFirst().orElseThrow();
          require(count.value() == before, name + ": " + count + " and not " + before);
        });
      }
    });
  }

  List<Sample> all(String name) {
    return samples.stream().filter(sample -> sample.name().equals(name)).toList();
  }

  /// The value of the only sample of that name with these labels: `heddle_tasks`, `state`, `queued`.
  double value(String name, String... labels) {
    var found = all(name).stream().filter(sample -> {
      for (var i = 0; i < labels.length; i += 2) {
        if (!labels[i + 1].equals(sample.labels().get(labels[i]))) {
          return false;
        }
      }
      return true;
    }).toList();
    require(found.size() == 1, name + " " + List.of(labels) + " is " + found);
    return found.getFirst().value();
  }

  Set<String> sampleNames() {
    var names = new LinkedHashSet<String>();
    samples.forEach(sample -> names.add(sample.name()));
    return names;
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException(what);
    }
  }
}
