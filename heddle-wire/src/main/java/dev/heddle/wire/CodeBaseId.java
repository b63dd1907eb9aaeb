package dev.heddle.wire;

import java.util.UUID;

/// Names a body of user classes: those that one class loader of one program sees.
///
/// @param high the high half of a random 128-bit number
/// @param low its low half
public record CodeBaseId(long high, long low) {
  public static CodeBaseId random() {
    var uuid = UUID.randomUUID();
    return new CodeBaseId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
  }

  @Override
  public String toString() {
    return new UUID(high, low).toString().substring(0, 8);
  }
}
