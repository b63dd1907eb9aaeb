package dev.heddle.worker;

import dev.heddle.wire.Address;
import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.Key;
import java.io.Serial;
import java.util.Map;

/// A worker did not store some of the values that it was given.
public final class ValuesRefusedException extends RuntimeException {
  @Serial
  private static final long serialVersionUID = 1;

  private final transient Map<Key, String> refused;

  ValuesRefusedException(Address worker, Map<Key, String> refused) {
    super(ErrorCode.REFUSED.of("the worker at " + worker + " did not store " + refused.size()
        + (refused.size() == 1 ? " value: " : " values, the first because: ")
        + refused.values().iterator().next()));
    this.refused = Map.copyOf(refused);
  }

  /// Those that it did not store, and why.
  public Map<Key, String> refused() {
    return refused;
  }
}
