package dev.heddle.wire;

import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The messages and their numbers, which never change and are never used again.
enum Operation {
  // --- anybody to anybody

  PING(1, Message.Ping.class), //
  ASK_INFO(2, Message.AskInfo.class), //

  // --- to a metadata store

  JOIN(16, Message.Join.class), //
  RENEW(17, Message.Renew.class), //
  LEAVE(18, Message.Leave.class), //
  REGISTER(19, Message.Register.class), //
  UNREGISTER(20, Message.Unregister.class), //
  WHO_HAS(21, Message.WhoHas.class), //
  HAS_WHAT(22, Message.HasWhat.class), //
  ASK_WORKERS(23, Message.AskWorkers.class), //
  WATCH(24, Message.Watch.class), //
  UNWATCH(25, Message.Unwatch.class), //

  // --- to a worker

  COMPUTE(32, Message.Compute.class), //
  GET_DATA(33, Message.GetData.class), //
  PUT_DATA(34, Message.PutData.class), //
  DELETE_DATA(35, Message.DeleteData.class), //
  CANCEL(36, Message.Cancel.class), //
  ASK_ACTIVITIES(37, Message.AskActivities.class), //

  // --- about code

  ASK_CONTENT(48, Message.AskContent.class), //
  ASK_BLOBS(49, Message.AskBlobs.class), //

  // --- answers of anybody

  DONE(64, Message.Done.class), //
  REFUSED(65, Message.Refused.class), //
  PONG(66, Message.Pong.class), //
  NODE_INFO(67, Message.NodeInfo.class), //

  // --- answers of a metadata store

  HOLDERS(72, Message.Holders.class), //
  INVENTORY(73, Message.Inventory.class), //
  WORKERS(74, Message.Workers.class), //

  // --- answers of a worker

  FINISHED(80, Message.Finished.class), //
  FAILED(81, Message.Failed.class), //
  CANCELLED(82, Message.Cancelled.class), //
  DATA(83, Message.Data.class), //
  STORED(84, Message.Stored.class), //
  ACTIVITIES(85, Message.Activities.class), //

  // --- answers about code

  CONTENT(88, Message.Content.class), //
  BLOBS(89, Message.Blobs.class), //

  // --- notices

  CHANGED(112, Message.Changed.class);

  private static final @Nullable Operation[] BY_CODE = new @Nullable Operation[128];

  static {
    for (var operation : values()) {
      BY_CODE[operation.code] = operation;
    }
  }

  private final int code;
  private final Class<? extends Message> message;

  Operation(int code, Class<? extends Message> message) {
    this.code = code;
    this.message = message;
  }

  int code() {
    return code;
  }

  Class<? extends Message> message() {
    return message;
  }

  /// As people call it: `get-data`.
  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The operation with this number; null if this version has none.
  static @Nullable Operation of(int code) {
    return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
  }

  /// What people call this message: `get-data`.
  static String nameOf(Message message) {
    return Stream.of(values())
        .filter(operation -> operation.message == message.getClass())
        .map(Operation::text)
        .findFirst()
        .orElse("unknown");
  }
}
