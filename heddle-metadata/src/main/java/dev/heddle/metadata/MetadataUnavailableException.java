package dev.heddle.metadata;

import dev.heddle.wire.ErrorCode;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// The store cannot be reached, or does not answer. Whether the request was carried out is not
/// known; every request may be repeated.
public final class MetadataUnavailableException extends MetadataException {
  @Serial
  private static final long serialVersionUID = 1;

  public MetadataUnavailableException(String message, @Nullable Throwable cause) {
    super(ErrorCode.STORE_AWAY.of(message), cause);
  }
}
