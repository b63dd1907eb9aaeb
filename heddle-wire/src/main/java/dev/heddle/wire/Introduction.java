package dev.heddle.wire;

import java.util.Optional;

/// The first thing that each side says: who it is, which versions it speaks, what it takes on, and
/// a number drawn for this connection alone.
///
/// The first four bytes, the versions, mean the same in every version; bytes after the last known
/// field are for later versions.
// It is made, sent and compared in one place; nobody changes the number.
@SuppressWarnings("ArrayRecordComponent")
record Introduction(int versionLeast, int versionMost, Hello hello, Limits limits, byte[] nonce) {
  static final int NONCE_BYTES = 32;

  private static final int TEXT_BYTES_MAX = 256;
  private static final Hello.Role[] ROLES = Hello.Role.values();

  void write(Encoder out) {
    out.fixed16(versionLeast);
    out.fixed16(versionMost);
    out.u8(Codes.of(hello.role()));
    out.text(hello.name());
    out.text(hello.heddleVersion());
    out.text(hello.javaVersion());
    out.flag(hello.listening().isPresent());
    hello.listening().ifPresent(address -> {
      out.text(address.host());
      out.fixed16(address.port());
    });
    out.varint(limits.frameBytesMax());
    out.varint(limits.bulkBytesMax());
    out.varint(limits.bulkInFlightBytesMax());
    out.varint(limits.transfersMax());
    out.raw(nonce, 0, NONCE_BYTES);
  }

  /// The version that both speak.
  ///
  /// @return nothing if there is none
  static Optional<Integer> common(Introduction one, Introduction other) {
    var version = Math.min(one.versionMost, other.versionMost);
    return version >= Math.max(one.versionLeast, other.versionLeast)
        ? Optional.of(version)
        : Optional.empty();
  }

  /// What every version can read.
  record Versions(int least, int most) {
    static Versions read(Decoder in) throws ProtocolException {
      return new Versions(in.fixed16(), in.fixed16());
    }

    @Override
    public String toString() {
      return least == most ? "version " + most : "versions " + least + " to " + most;
    }
  }

  static Introduction read(Decoder in, Versions versions) throws ProtocolException {
    try {
      var role = in.u8();
      if (role >= ROLES.length) {
        throw in.malformed("the unknown role " + role);
      }
      var hello = new Hello(ROLES[role], printable(in), printable(in), printable(in),
          in.flag()
              ? Optional.of(new Address(printable(in), in.fixed16()))
              : Optional.empty());
      var ours = Limits.DEFAULT;
      var frameBytesMax = in.varintTo(Limits.FRAME_BYTES_MOST, "a frame limit");
      var limits = new Limits(frameBytesMax, in.varint(), in.varint(),
          in.varintTo(Limits.TRANSFERS_MOST, "a limit of transfers"),
          Math.max(frameBytesMax, ours.outboxBytesMax()), ours.outboxMessagesMax(),
          ours.callsMax(), ours.connectionsMax(), ours.strangersMax());
      return new Introduction(versions.least, versions.most, hello, limits,
          in.raw(NONCE_BYTES, "a nonce"));
    } catch (IllegalArgumentException e) {
      throw new ProtocolException(in.malformed(String.valueOf(e.getMessage())).getMessage(), e);
    }
  }

  private static String printable(Decoder in) throws ProtocolException {
    var text = in.text(TEXT_BYTES_MAX);
    if (text.isBlank() || text.chars().anyMatch(Character::isISOControl)) {
      throw in.malformed("a name that is empty or has control characters");
    }
    return text;
  }
}
