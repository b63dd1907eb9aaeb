package dev.heddle.worker;

import dev.heddle.wire.Address;
import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.Key;
import java.io.Serial;
import java.util.List;

/// A worker was asked for values that it does not have.
public final class MissingValuesException extends RuntimeException {
  @Serial
  private static final long serialVersionUID = 1;

  private final transient List<Key> keys;

  MissingValuesException(Address worker, List<Key> keys) {
    super(ErrorCode.NOT_THERE.of("the worker at " + worker + " does not have "
        + (keys.size() <= 5 ? keys : keys.subList(0, 5) + " and " + (keys.size() - 5) + " more")
        + "; ask the metadata store who has them"));
    this.keys = List.copyOf(keys);
  }

  /// Those that it does not have.
  public List<Key> keys() {
    return keys;
  }
}
