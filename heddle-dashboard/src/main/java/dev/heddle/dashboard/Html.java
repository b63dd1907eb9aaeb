package dev.heddle.dashboard;

import java.util.ArrayDeque;
import java.util.List;

/// Writes HTML, in order. Data goes in as text, never as markup.
final class Html {
  private final StringBuilder out = new StringBuilder(1 << 16);
  private final ArrayDeque<String> open = new ArrayDeque<>();

  /// What is markup already.
  Html markup(String trusted) {
    out.append(trusted);
    return this;
  }

  /// @param attributes names and values in turn
  Html open(String tag, String... attributes) {
    start(tag, attributes);
    open.push(tag);
    return this;
  }

  /// An element that has nothing inside and no end.
  Html single(String tag, String... attributes) {
    start(tag, attributes);
    return this;
  }

  private void start(String tag, String... attributes) {
    out.append('<').append(tag);
    for (var i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      text(attributes[i + 1]);
      out.append('"');
    }
    out.append('>');
  }

  /// Ends what was opened last.
  Html close() {
    out.append("</").append(open.pop()).append(">\n");
    return this;
  }

  Html text(String text) {
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      switch (c) {
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '&' -> out.append("&amp;");
        case '"' -> out.append("&quot;");
        default -> out.append(c < ' ' && c != '\n' && c != '\t' ? '\uFFFD' : c);
      }
    }
    return this;
  }

  Html element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close();
  }

  /// A card as the views of the page have them, with a table in it that folds where the screen is narrow.
  ///
  /// @param heads of the columns; those of numbers begin with `#`
  Html table(List<String> heads, List<List<String>> rows) {
    open("div", "class", "wide").open("table", "class", "stack").open("thead").open("tr");
    for (var head : heads) {
      element("th", nameOf(head), "scope", "col", "class", head.startsWith("#") ? "num" : "");
    }
    close().close().open("tbody");
    for (var row : rows) {
      open("tr");
      for (var i = 0; i < row.size(); i++) {
        if (i == 0) {
          element("td", row.get(i), "class", "full");
        } else {
          element("td", row.get(i), "data-label", nameOf(heads.get(i)), "class",
              heads.get(i).startsWith("#") ? "num" : "");
        }
      }
      close();
    }
    return close().close().close();
  }

  private static String nameOf(String head) {
    return head.startsWith("#") ? head.substring(1) : head;
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
