package dev.heddle.metadata;

import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.WorkerId;
import java.io.Serial;

/// The worker's lease ended, or the store never heard of it (it may have been restarted empty).
/// The worker joins again and registers all that it has.
public final class LeaseLostException extends MetadataException {
  @Serial
  private static final long serialVersionUID = 1;

  public LeaseLostException(String message) {
    super(ErrorCode.LEASE_LOST.of(message), null);
  }

  public static LeaseLostException of(WorkerId worker) {
    return new LeaseLostException("the metadata store knows no lease of '" + worker.name()
        + "' (incarnation " + Long.toHexString(worker.incarnation())
        + "): it ended, or the store lost its data; join again and register everything");
  }
}
