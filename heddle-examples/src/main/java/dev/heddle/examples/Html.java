package dev.heddle.examples;

import java.util.Locale;

/// Builds markup. Whatever goes through [#text] or into an attribute is escaped; there is no other way in for data.
final class Html {
  private final StringBuilder out = new StringBuilder();

  /// Opens an element; attributes are names and values in turn.
  Html open(String element, Object... attributes) {
    out.append('<').append(element);
    for (var i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"").append(escape(valueOf(attributes[i + 1])))
          .append('"');
    }
    out.append('>');
    return this;
  }

  Html close(String element) {
    out.append("</").append(element).append('>');
    return this;
  }

  Html text(String text) {
    out.append(escape(text));
    return this;
  }

  /// A qualified name, which may be broken after a dot or a parenthesis.
  Html name(String name) {
    out.append(escape(name).replace(".", ".<wbr>").replace("(", "(<wbr>"));
    return this;
  }

  /// An element that holds nothing but text.
  Html element(String element, String text, Object... attributes) {
    return open(element, attributes).text(text).close(element);
  }

  /// Markup of our own, as it is.
  Html trusted(String markup) {
    out.append(markup);
    return this;
  }

  Html line() {
    out.append('\n');
    return this;
  }

  private static String valueOf(Object value) {
    return value instanceof Double number
        ? String.format(Locale.ROOT, "%.2f", number)
        : String.valueOf(value);
  }

  /// Fit for text and for attributes in double or single quotes. Characters that no page may hold become U+FFFD.
  static String escape(String text) {
    var escaped = new StringBuilder(text.length() + 16);
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(c < ' ' && c != '\n' && c != '\t' ? '\uFFFD' : c);
      }
    }
    return escaped.toString();
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
