package dev.heddle.dashboard;

/// Writes JSON, in order: a value, or a name and its value, at a time.
final class Json {
  private final StringBuilder out = new StringBuilder(1024);
  private boolean first = true;

  Json object() {
    return open('{');
  }

  Json object(String name) {
    return name(name).open('{');
  }

  Json array() {
    return open('[');
  }

  Json array(String name) {
    return name(name).open('[');
  }

  private Json open(char bracket) {
    comma();
    out.append(bracket);
    first = true;
    return this;
  }

  Json endObject() {
    return close('}');
  }

  Json endArray() {
    return close(']');
  }

  private Json close(char bracket) {
    out.append(bracket);
    first = false;
    return this;
  }

  private void comma() {
    if (!first) {
      out.append(',');
    }
    first = false;
  }

  private Json name(String name) {
    comma();
    text(name);
    out.append(':');
    first = true;
    return this;
  }

  Json add(String name, String value) {
    return name(name).add(value);
  }

  Json add(String name, long value) {
    return name(name).add(value);
  }

  Json add(String name, double value) {
    return name(name).add(value);
  }

  Json add(String name, boolean value) {
    name(name).comma();
    out.append(value);
    return this;
  }

  Json add(String value) {
    comma();
    text(value);
    return this;
  }

  Json add(long value) {
    comma();
    out.append(value);
    return this;
  }

  /// With three digits after the point; 0 for what is no number.
  Json add(double value) {
    comma();
    out.append(Double.isFinite(value) ? Math.round(value * 1_000) / 1_000.0 : 0.0);
    return this;
  }

  private void text(String text) {
    out.append('"');
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ' || Character.isSurrogate(c) || c == '\u2028' || c == '\u2029') {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
