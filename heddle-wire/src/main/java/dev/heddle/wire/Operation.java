package dev.heddle.wire;

import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The messages and their numbers, which never change and are never used again.
enum Operation {
  // --- anybody to anybody

  PING(1, Message.Ping.class), //
  ASK_INFO(2, Message.AskInfo.class), //
  ASK_PROCESSES(3, Message.AskProcesses.class), //
  ASK_DUMP(4, Message.AskDump.class), //
  MAKE_RECORDING(5, Message.MakeRecording.class), //
  ASK_RECORDING(6, Message.AskRecording.class), //

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

  ATTACH(38, Message.Attach.class), //

  // --- to a scheduler

  GREET(40, Message.Greet.class), //
  PUBLISH(41, Message.Publish.class), //
  UNPUBLISH(42, Message.Unpublish.class), //
  ADOPT(43, Message.Adopt.class), //
  ASK_PUBLISHED(44, Message.AskPublished.class), //
  EXPLAIN(45, Message.Explain.class), //
  ASK_STORY(46, Message.AskStory.class), //
  ASK_STATUS(47, Message.AskStatus.class), //

  // --- about code

  ASK_CONTENT(48, Message.AskContent.class), //
  ASK_BLOBS(49, Message.AskBlobs.class), //

  // --- to a scheduler again

  ASK_DEFINITION(50, Message.AskDefinition.class), //
  ASK_SERIES(51, Message.AskSeries.class), //
  ASK_GRAPH(52, Message.AskGraph.class), //
  ASK_VALUES(53, Message.AskValues.class), //
  ASK_TASK(54, Message.AskTask.class), //
  RETIRE(56, Message.Retire.class), //
  REPORT_DEATH(57, Message.ReportDeath.class), //

  // --- answers of anybody

  DONE(64, Message.Done.class), //
  REFUSED(65, Message.Refused.class), //
  PONG(66, Message.Pong.class), //
  NODE_INFO(67, Message.NodeInfo.class), //
  NODE_PROCESSES(68, Message.NodeProcesses.class), //
  DUMP(69, Message.Dump.class), //
  RECORDED(70, Message.Recorded.class), //
  RECORDING_PART(71, Message.RecordingPart.class), //

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
  ATTACHED(86, Message.Attached.class), //

  // --- answers about code

  CONTENT(88, Message.Content.class), //
  BLOBS(89, Message.Blobs.class), //

  // --- answers of a scheduler

  WELCOME(96, Message.Welcome.class), //
  ADOPTED(97, Message.Adopted.class), //
  NAMES(98, Message.Names.class), //
  TEXT(99, Message.Text.class), //
  STATUS(100, Message.Status.class), //
  DEFINITION(101, Message.Definition.class), //

  // --- notices of a worker

  HOLDING(104, Message.Holding.class), //
  ENDED(105, Message.Ended.class), //
  WAITS(106, Message.Waits.class), //
  BEAT(107, Message.Beat.class), //

  // --- notices of a metadata store

  WITHDRAW(108, Message.Withdraw.class), //
  VALUES_LOST(109, Message.ValuesLost.class), //
  /// Of whoever asked a worker for values.
  LET_GO(110, Message.LetGo.class), //
  VALUES_MOVED(111, Message.ValuesMoved.class), //
  CHANGED(112, Message.Changed.class), //

  // --- notices of a client, and of a scheduler

  DEFINE(113, Message.Define.class), //
  UNDEFINE(114, Message.Undefine.class), //
  SUBMIT(115, Message.Submit.class), //
  SUBMIT_MAP(116, Message.SubmitMap.class), //
  SCATTERED(117, Message.Scattered.class), //
  DROP(118, Message.Drop.class), //
  NEED(119, Message.Need.class), //
  ABORT(120, Message.Abort.class), //
  RESULTS(121, Message.Results.class), //
  WORKERS_NOW(122, Message.WorkersNow.class), //
  ASSIGN(123, Message.Assign.class), //
  RECALL(124, Message.Recall.class), //
  RELEASE(125, Message.Release.class), //
  FAREWELL(126, Message.Farewell.class), //
  TRACE(127, Message.Trace.class), //

  // --- to a worker again

  ASK_OUTPUT(160, Message.AskOutput.class), //

  // --- more answers of a scheduler

  SERIES(161, Message.Series.class), //
  GRAPH(162, Message.Graph.class), //
  VALUES(163, Message.Values.class), //
  TASK(164, Message.TaskDetail.class), //

  // --- one more notice of a client

  SUBMITTED_AT(165, Message.SubmittedAt.class);

  private static final @Nullable Operation[] BY_CODE = new @Nullable Operation[256];

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
