package dev.heddle.values;

import java.io.InvalidObjectException;

/// What follows in a header of [PlainCodec]. The order is the code on the wire.
///
/// *n* is a count of elements, a 32-bit number. Numbers are little-endian and two's complement or
/// IEEE 754.
enum PlainTag {
  NULL, FALSE, TRUE, BYTE, SHORT, CHARACTER, INTEGER, LONG, FLOAT, DOUBLE,
  /// n, then a byte each: the Unicode characters up to U+00FF.
  LATIN1,
  /// n, then two bytes each.
  UTF16,
  /// n, then n bytes, two's complement, most significant first (the one thing that is big-endian).
  BIG_INTEGER,
  /// The scale (32 bits), then a [#BIG_INTEGER] with its tag.
  BIG_DECIMAL,
  /// n, then the elements; so for all arrays.
  BYTES,
  /// A byte each, 0 or 1.
  BOOLEANS, SHORTS, CHARACTERS, INTEGERS, LONGS, FLOATS, DOUBLES,
  /// n, then n values with their tags, none of them an array, list or part.
  LIST,
  /// The same; the receiver makes it unmodifiable.
  IMMUTABLE_LIST,
  /// A [Part.Form] (one byte); the bytes are the payload's buffer.
  PART;

  private static final PlainTag[] TAGS = values();

  /// The code on the wire, a byte.
  // The order is part of the format, as the comment on the type says.
  @SuppressWarnings("EnumOrdinal")
  byte code() {
    return (byte) ordinal();
  }

  static PlainTag of(int code) throws InvalidObjectException {
    if (code < 0 || code >= TAGS.length) {
      throw new InvalidObjectException("a value of unknown kind " + code);
    }
    return TAGS[code];
  }
}
