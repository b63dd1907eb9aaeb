package dev.heddle.scheduler;

import dev.heddle.wire.Connection;
import dev.heddle.wire.Failure;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Result;
import dev.heddle.wire.UnsendableException;
import java.util.ArrayList;
import java.util.List;

/// What one client is told in one turn: many results in few notices. Belongs to whoever has the
/// turn.
final class Parcel {
  private static final long BYTES_MAX = 1 << 20;
  /// What a result takes beside its texts and its value, about.
  private static final int BYTES_EACH = 32;
  private static final int BYTES_A_HOLDER = 96;
  private static final int BYTES_A_FRAME = 96;

  private final Connection client;
  private List<Result> results = new ArrayList<>();
  private long bytes;

  Parcel(Connection client) {
    this.client = client;
  }

  Connection client() {
    return client;
  }

  void add(Result result) {
    var size = bytesOf(result);
    if (bytes + size > BYTES_MAX) {
      send();
    }
    results.add(result);
    bytes += size;
  }

  /// Says what was gathered.
  void send() {
    if (results.isEmpty()) {
      return;
    }
    var told = results;
    results = new ArrayList<>();
    bytes = 0;
    try {
      client.notice(new Message.Results(told));
    } catch (UnsendableException e) {
      if (told.size() == 1) {
        client.notice(new Message.Results(List.of(new Result.Lost(told.getFirst().task(),
            "how it ended cannot be told: " + e.getMessage()))));
      } else {
        told.forEach(each -> {
          add(each);
          send();
        });
      }
    }
  }

  private static long bytesOf(Result result) {
    return BYTES_EACH + switch (result) {
      case Result.Ready ready -> ready.type().length()
          + (long) BYTES_A_HOLDER * ready.holders().size()
          + ready.value().map(value -> value.sizeBytes()).orElse(0L);
      case Result.Failed failed -> bytesOf(failed.failure());
      case Result.Cancelled(_, var reason, _) -> reason.length();
      case Result.Lost(_, var reason) -> reason.length();
    };
  }

  private static long bytesOf(Failure failure) {
    var size = failure.message().length() + (long) BYTES_A_FRAME * failure.frames().size()
        + failure.original().map(original -> original.sizeBytes()).orElse(0L);
    for (var suppressed : failure.suppressed()) {
      size += bytesOf(suppressed);
    }
    return size + failure.cause().map(Parcel::bytesOf).orElse(0L);
  }
}
