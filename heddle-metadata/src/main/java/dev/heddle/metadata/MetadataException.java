package dev.heddle.metadata;

import java.io.IOException;
import java.io.Serial;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A metadata store did not do what it was asked to do.
public abstract sealed class MetadataException extends IOException
    permits LeaseLostException, MetadataUnavailableException, NameTakenException {
  @Serial
  private static final long serialVersionUID = 1;

  MetadataException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  @Override
  public final String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
