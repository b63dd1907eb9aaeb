package dev.heddle.wire;

/// The numbers of the constants of an enum on the wire: their order. `docs/protocol.md` lists them,
/// and a test holds the two together.
final class Codes {
  private Codes() {}

  // New constants go to the end; the protocol's test notices any other change.
  @SuppressWarnings("EnumOrdinal")
  static int of(Enum<?> constant) {
    return constant.ordinal();
  }
}
