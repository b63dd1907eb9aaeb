package dev.heddle.wire;

import dev.heddle.wire.HandshakeException.Cause;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Optional;

/// How two nodes come to terms, before anything else is looked at:
///
/// ```
///   the one that dials                    the one that listens
///   introduction  ----------------------->
///                 <-----------------------  introduction
///   proof "heddle client"  -------------->  checks it
///   checks it     <-----------------------  proof "heddle server"
/// ```
///
/// A proof is the HMAC of its label and both introductions as they were sent. The one that dials
/// proves first, so that whoever asks around learns nothing that was made with the secret. Instead
/// of what is expected, the one that listens may say a refusal, which every version can read.
final class Handshake {
  static final int INTRODUCTION = 1;
  static final int REFUSAL = 2;
  static final int PROOF = 3;

  private static final String CLIENT_LABEL = "heddle client";
  private static final String SERVER_LABEL = "heddle server";
  private static final int PROOF_BYTES = 32;
  private static final int REASON_BYTES_MAX = 512;
  private static final Cause[] CAUSES = Cause.values();

  private final HandshakeChannel channel;
  private final String peer;
  private final Secret secret;
  private final Introduction own;

  /// @param peer begins the messages: `the peer at heddle://10.0.0.7:8786`
  /// @param own with a fresh [#nonce]
  Handshake(HandshakeChannel channel, String peer, Secret secret, Introduction own) {
    this.channel = channel;
    this.peer = peer;
    this.secret = secret;
    this.own = own;
  }

  static byte[] nonce() {
    var nonce = new byte[Introduction.NONCE_BYTES];
    new SecureRandom().nextBytes(nonce);
    return nonce;
  }

  /// The part of the node that dials.
  Introduction dial() throws IOException, InterruptedException {
    var mine = introduce();
    var part = expect(INTRODUCTION);
    var theirs = read(part);
    if (Introduction.common(own, theirs).isEmpty()) {
      throw mismatch(new Introduction.Versions(theirs.versionLeast(), theirs.versionMost()));
    }
    var transcript = concat(mine, part.bytes());
    prove(CLIENT_LABEL, transcript);
    if (!isProof(expect(PROOF), SERVER_LABEL, transcript)) {
      throw otherSecret();
    }
    return theirs;
  }

  /// The part of the node that listens.
  ///
  /// @param busy why no more connections are taken; empty if they are
  Introduction accept(Optional<String> busy) throws IOException, InterruptedException {
    try {
      var part = expect(INTRODUCTION);
      var theirs = read(part);
      if (Introduction.common(own, theirs).isEmpty()) {
        throw mismatch(new Introduction.Versions(theirs.versionLeast(), theirs.versionMost()));
      }
      var mine = introduce();
      var transcript = concat(part.bytes(), mine);
      if (!isProof(expect(PROOF), CLIENT_LABEL, transcript)) {
        throw otherSecret();
      }
      if (busy.isPresent()) {
        throw new HandshakeException(Cause.BUSY, peer + " is one too many: " + busy.get());
      }
      prove(SERVER_LABEL, transcript);
      return theirs;
    } catch (HandshakeException e) {
      switch (e.reason()) {
        case SECRET -> refuse(e.reason(), "another secret");
        case VERSION -> refuse(e.reason(), "this node speaks "
            + new Introduction.Versions(own.versionLeast(), own.versionMost())
            + " of the protocol (Heddle " + own.hello().heddleVersion() + ")");
        case BUSY -> refuse(e.reason(), busy.orElse("no more connections"));
        case MALFORMED -> refuse(e.reason(), "the handshake cannot be read");
        case NOT_HEDDLE, TIMEOUT, ENDED -> {
        }
      }
      throw e;
    }
  }

  private byte[] introduce() throws IOException, InterruptedException {
    var out = HandshakeChannel.part(INTRODUCTION);
    own.write(out);
    return channel.say(out);
  }

  private Introduction read(HandshakeChannel.Part part) throws HandshakeException {
    try {
      var in = part.body();
      var versions = Introduction.Versions.read(in);
      if (Math.min(versions.most(), own.versionMost()) < Math.max(versions.least(),
          own.versionLeast())) {
        // The rest may be in a form that this version cannot read.
        throw mismatch(versions);
      }
      return Introduction.read(in, versions);
    } catch (ProtocolException e) {
      throw malformed(e);
    }
  }

  private HandshakeException malformed(ProtocolException e) {
    return new HandshakeException(Cause.MALFORMED,
        peer + " said something unreadable in the handshake: " + e.getMessage());
  }

  private HandshakeException mismatch(Introduction.Versions theirs) {
    return new HandshakeException(Cause.VERSION,
        peer + " speaks " + theirs + " of the protocol, this node "
            + new Introduction.Versions(own.versionLeast(), own.versionMost())
            + "; use the same Heddle on both");
  }

  private HandshakeException otherSecret() {
    return new HandshakeException(Cause.SECRET, peer
        + " has another secret: give both the same " + Secret.FILE_VARIABLE);
  }

  private HandshakeChannel.Part expect(int kind) throws IOException, InterruptedException {
    var part = channel.hear();
    if (part.kind() == REFUSAL) {
      throw refused(part);
    }
    if (part.kind() != kind) {
      throw new HandshakeException(Cause.MALFORMED,
          peer + " said part " + part.kind() + " of the handshake where " + kind + " belongs");
    }
    return part;
  }

  private HandshakeException refused(HandshakeChannel.Part part) {
    try {
      var in = part.body();
      var code = in.u8();
      var words = in.text(REASON_BYTES_MAX).replaceAll("\\p{Cntrl}", "?");
      var cause = code < CAUSES.length ? CAUSES[code] : Cause.MALFORMED;
      return cause == Cause.SECRET
          ? otherSecret()
          : new HandshakeException(cause, peer + " refused this node: " + words);
    } catch (ProtocolException e) {
      return malformed(e);
    }
  }

  private void refuse(Cause cause, String words) throws IOException, InterruptedException {
    var out = HandshakeChannel.part(REFUSAL);
    out.u8(Codes.of(cause));
    out.text(words);
    channel.say(out);
  }

  private void prove(String label, byte[] transcript) throws IOException, InterruptedException {
    var out = HandshakeChannel.part(PROOF);
    out.raw(secret.prove(label, transcript), 0, PROOF_BYTES);
    channel.say(out);
  }

  private boolean isProof(HandshakeChannel.Part part, String label, byte[] transcript)
      throws HandshakeException {
    try {
      var in = part.body();
      var proof = in.raw(PROOF_BYTES, "a proof");
      in.end();
      return MessageDigest.isEqual(proof, secret.prove(label, transcript));
    } catch (ProtocolException e) {
      throw malformed(e);
    }
  }

  private static byte[] concat(byte[] first, byte[] second) {
    var both = java.util.Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
