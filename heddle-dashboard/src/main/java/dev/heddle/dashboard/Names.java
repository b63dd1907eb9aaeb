package dev.heddle.dashboard;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Small numbers for texts that come again and again; beyond a bound, all others share one.
final class Names {
  /// As people order names that end with numbers: the ninth before the tenth.
  static final Comparator<String> IN_ORDER = Comparator
      .comparing((String name) -> name.replaceFirst("\\d+$", ""))
      .thenComparingInt(String::length).thenComparing(Comparator.naturalOrder());

  private final int max;
  private final Map<String, Integer> places = new HashMap<>();
  private final List<String> all = new ArrayList<>();

  Names(int max) {
    this.max = max;
  }

  int of(String text) {
    Integer known = places.get(text);
    if (known != null) {
      return known;
    }
    if (all.size() >= max) {
      return add("(others)");
    }
    return add(text);
  }

  private int add(String text) {
    Integer known = places.putIfAbsent(text, all.size());
    if (known != null) {
      return known;
    }
    all.add(text);
    return all.size() - 1;
  }

  String get(int place) {
    return all.get(place);
  }

  int size() {
    return all.size();
  }

  /// What people call the tasks of a key: what stands before the marks that make it the only one.
  static String ofKey(String key) {
    var at = key.lastIndexOf('@');
    var end = at >= 0 ? at : key.lastIndexOf('-', key.lastIndexOf('-') - 1);
    return end <= 0 ? key : key.substring(0, Math.min(end, 120));
  }
}
