package dev.heddle.metadata;

import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.WorkerInfo;
import java.io.Serial;
import java.time.Duration;

/// Another worker, or an earlier life of this one, has the name that was asked for.
public final class NameTakenException extends MetadataException {
  @Serial
  private static final long serialVersionUID = 1;

  public NameTakenException(String message) {
    super(ErrorCode.NAME_TAKEN.of(message), null);
  }

  /// @param holder
  ///          who has the name
  /// @param leaseLeft
  ///          how long it keeps the name unless it renews its lease
  public static NameTakenException of(WorkerInfo holder, Duration leaseLeft) {
    return new NameTakenException("the name '" + holder.id().name()
        + "' is taken by the worker at " + holder.address() + " (process " + holder.pid() + " on "
        + holder.host() + "); choose another with --name, or stop that worker; if it is dead, "
        + "its name is free in " + Outage.inWords(leaseLeft));
  }
}
