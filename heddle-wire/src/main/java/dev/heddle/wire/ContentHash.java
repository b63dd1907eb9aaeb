package dev.heddle.wire;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/// The SHA-256 digest by which the bytes of a class or resource are asked for.
public final class ContentHash {
  /// The length of a digest in bytes.
  public static final int BYTES = 32;

  private final byte[] digest;

  private ContentHash(byte[] digest) {
    this.digest = digest;
  }

  /// @throws IllegalArgumentException if `digest` is not [#BYTES] long
  public static ContentHash ofDigest(byte[] digest) {
    if (digest.length != BYTES) {
      throw new IllegalArgumentException(
          "a content hash has " + digest.length + " bytes, expected " + BYTES);
    }
    return new ContentHash(digest.clone());
  }

  public static ContentHash of(byte[] content) {
    try {
      return new ContentHash(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  public byte[] digest() {
    return digest.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ContentHash that && Arrays.equals(digest, that.digest);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(digest);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(digest, 0, 6);
  }
}
