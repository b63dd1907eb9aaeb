package dev.heddle.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggerContextListener;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.spi.FilterReply;
import dev.heddle.worker.StandardStreams;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/// Keeps what functions log, for `heddle logs`, whichever appenders the worker has: a worker that logs to a file
/// alone prints nothing.
///
/// What an appender printed on the function's own thread is kept already. It is the root's last appender, so that all
/// others have had the event before, and a filter, which every event passes first, notes how much was printed by
/// then.
final class TaskLogAppender extends AppenderBase<ILoggingEvent> {
  private static final ThreadLocal<Long> PRINTED_BEFORE = ThreadLocal.withInitial(() -> -1L);

  private TaskLogAppender() {
    setName("tasks");
  }

  /// From now on, also when the configuration is read anew. Does nothing if this JVM does not log by logback.
  static void attach() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      attach(context);
      context.addListener(new Again());
    }
  }

  private static void attach(LoggerContext context) {
    var first = new Before();
    first.setContext(context);
    first.start();
    context.addTurboFilter(first);
    var last = new TaskLogAppender();
    last.setContext(context);
    last.start();
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(last);
  }

  @Override
  protected void append(ILoggingEvent event) {
    var before = PRINTED_BEFORE.get();
    if (before >= 0 && StandardStreams.printedHere() == before) {
      var thrown = event.getThrowableProxy();
      StandardStreams.keepLogged(event.getLevel() + " " + event.getLoggerName() + ": "
          + event.getFormattedMessage()
          + (thrown == null ? "" : "\n" + ThrowableProxyUtil.asString(thrown).stripTrailing()));
    }
  }

  /// Before any appender.
  private static final class Before extends TurboFilter {
    // Logback's own signature has no nullness; the marker, the format and the rest may be null.
    @Override
    public FilterReply decide(@Nullable Marker marker, Logger logger, Level level,
        @Nullable String format, @Nullable Object @Nullable [] parameters,
        @Nullable Throwable thrown) {
      if (logger.getEffectiveLevel().levelInt <= level.levelInt) {
        PRINTED_BEFORE.set(StandardStreams.printedHere());
      }
      return FilterReply.NEUTRAL;
    }
  }

  /// A configuration that is read anew begins without this.
  private static final class Again implements LoggerContextListener {
    @Override
    public boolean isResetResistant() {
      return true;
    }

    @Override
    public void onReset(LoggerContext context) {
      attach(context);
    }

    @Override
    public void onStart(LoggerContext context) {}

    @Override
    public void onStop(LoggerContext context) {}

    @Override
    public void onLevelChange(Logger logger, Level level) {}
  }
}
