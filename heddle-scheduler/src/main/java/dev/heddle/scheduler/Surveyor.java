package dev.heddle.scheduler;

import dev.heddle.process.Activity;
import dev.heddle.process.Body;
import dev.heddle.process.Channel;
import dev.heddle.wire.Connection;
import dev.heddle.wire.Message;
import dev.heddle.wire.UnsendableException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers those who look on, as the process *survey*. For what takes a look at every task it takes the turn
/// again and again, each time for about half a millisecond, and leaves it to others for nine times as long.
///
/// - In: `looks`, from the links.
/// - Out: the answers, straight to the connections that asked.
/// - Ends when `looks` is done.
final class Surveyor implements Body {
  private static final Logger log = LoggerFactory.getLogger(Surveyor.class);
  private static final int LOOKS_MAX = 64;
  private static final long SLICE_NANOS = 500_000;
  private static final int REST = 9;
  private static final long REST_NANOS_MAX = 20_000_000;
  private static final int FIRST = 1_024;
  private static final int LEAST = 64;
  private static final int MOST = 1 << 16;
  private static final Activity RESTING = Activity.named("leaving the turn to others");

  private record Look(Connection from, long correlation, Message.Look question) {}

  private final Control control;
  private final Channel<Look> looks;

  Surveyor(String name, Control control) {
    this.control = control;
    looks = Channel.bounded("looks " + name, LOOKS_MAX);
  }

  /// Answers soon; never waits.
  void ask(Connection from, long correlation, Message.Look question) {
    if (!looks.offer(new Look(from, correlation, question))) {
      from.reply(correlation, new Message.Refused(Message.Reason.BUSY,
          "too many look on at once; ask again in a moment"));
    }
  }

  void done() {
    looks.done();
  }

  @Override
  public void run() throws InterruptedException {
    while (looks.receiveOrDone() instanceof Look look) {
      try {
        look.from.reply(look.correlation, answer(look.question));
      } catch (UnsendableException e) {
        log.warn("{} asked for more than fits one answer: {}", look.from.peer().name(),
            e.getMessage());
      }
    }
  }

  private Message.Response answer(Message.Look question) throws InterruptedException {
    return switch (question) {
      case Message.AskSeries() -> {
        var epochMillis = System.currentTimeMillis();
        yield control.ask((state, now) -> state.looking().series(now, epochMillis));
      }
      case Message.AskTask(var key) -> control.ask((state, _) -> state.looking().task(key));
      case Message.AskGraph(var name, var limit) ->
        survey(control.ask((state, _) -> state.looking().graph(name, limit)));
      case Message.AskValues(var limit) ->
        survey(control.ask((state, _) -> state.looking().values(limit)));
    };
  }

  private Message.Response survey(Survey survey) throws InterruptedException {
    var count = FIRST;
    for (var from = 0; from >= 0;) {
      var start = from;
      var many = count;
      var began = new long[1];
      from = control.ask((state, now) -> {
        began[0] = now;
        return state.looking().survey(survey, start, many);
      });
      var took = Math.max(1, System.nanoTime() - began[0]);
      count = (int) Math.clamp(many * SLICE_NANOS / took, LEAST, Math.min(MOST, 2L * many));
      if (from >= 0) {
        try (var _ = RESTING.begin()) {
          Thread.sleep(Duration.ofNanos(Math.min(REST_NANOS_MAX, REST * took)));
        }
      }
    }
    return control.ask((_, _) -> survey.result());
  }
}
