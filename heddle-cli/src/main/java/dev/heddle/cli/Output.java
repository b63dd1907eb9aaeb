package dev.heddle.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What a command prints: tables for people, JSON for programs.
final class Output {
  private Output() {}

  /// One JSON value, indented.
  static void json(PrintWriter out, Object value) {
    var mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    out.println(mapper.writeValueAsString(value));
  }

  /// Columns as wide as they need to be; numbers to the right.
  static void table(PrintWriter out, List<String> heads, List<List<String>> rows) {
    var widths = new ArrayList<Integer>();
    var numeric = new ArrayList<Boolean>();
    for (var column = 0; column < heads.size(); column++) {
      var width = heads.get(column).length();
      var numbers = !rows.isEmpty();
      for (var row : rows) {
        width = Math.max(width, row.get(column).length());
        numbers &= row.get(column).matches("-?[0-9][0-9.,]*");
      }
      widths.add(width);
      numeric.add(numbers);
    }
    line(out, heads, widths, numeric);
    rows.forEach(row -> line(out, row, widths, numeric));
  }

  private static void line(PrintWriter out, List<String> cells, List<Integer> widths,
      List<Boolean> numeric) {
    var line = new StringBuilder();
    for (var column = 0; column < cells.size(); column++) {
      var padding = " ".repeat(widths.get(column) - cells.get(column).length());
      line.append(column == 0 ? "" : "  ");
      line.append(numeric.get(column) ? padding + cells.get(column) : cells.get(column) + padding);
    }
    out.println(line.toString().stripTrailing());
  }
}
