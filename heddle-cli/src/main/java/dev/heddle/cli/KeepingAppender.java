package dev.heddle.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.heddle.wire.LastLines;
import java.time.Instant;

/// Keeps the last lines of the log, for `heddle dump`.
public final class KeepingAppender extends AppenderBase<ILoggingEvent> {
  @Override
  protected void append(ILoggingEvent event) {
    var thrown = event.getThrowableProxy();
    LastLines.add(Instant.ofEpochMilli(event.getTimeStamp()) + " " + event.getLevel() + " "
        + event.getFormattedMessage()
        + (thrown == null ? "" : ": " + thrown.getClassName() + ": " + thrown.getMessage()));
  }
}
