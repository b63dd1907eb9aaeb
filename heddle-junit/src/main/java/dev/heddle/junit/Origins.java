package dev.heddle.junit;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/// Who started a thread: the flight recorder knows, if it was asked to write it down.
final class Origins {
  /// The system property that has it do so.
  static final String PROPERTY = "heddle.junit.origins";

  private static final @Nullable Recording RECORDING = Boolean.getBoolean(PROPERTY)
      ? recording()
      : null;

  private Origins() {}

  /// Begins, if it is wanted: what was started before is not known.
  static void prepare() {
    var _ = RECORDING;
  }

  private static Recording recording() {
    var recording = new Recording();
    recording.setName(PROPERTY);
    recording.enable("jdk.ThreadStart").withStackTrace();
    recording.setToDisk(false);
    recording.start();
    return recording;
  }

  /// In words.
  static String of(Thread thread) {
    if (RECORDING == null) {
      return "run with -D" + PROPERTY + "=true to see who started it";
    }
    try {
      return startedAt(RECORDING, thread).map(place -> "started at " + place)
          .orElse("who started it is no longer known");
    } catch (IOException e) {
      return "who started it cannot be read: " + e.getMessage();
    }
  }

  private static Optional<String> startedAt(Recording recording, Thread thread)
      throws IOException {
    var file = Files.createTempFile("heddle-origins", ".jfr");
    try {
      recording.dump(file);
      return RecordingFile.readAllEvents(file).stream()
          .filter(event -> event.getThread("thread").getJavaThreadId() == thread.threadId())
          .findFirst().map(Origins::framesOf).map(Program::place);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static List<StackTraceElement> framesOf(RecordedEvent event) {
    var stack = event.getStackTrace();
    return stack == null
        ? List.of()
        : stack.getFrames().stream().map(frame -> new StackTraceElement(
            frame.getMethod().getType().getName(), frame.getMethod().getName(),
            simpleName(frame.getMethod().getType().getName()) + ".java", frame.getLineNumber()))
            .toList();
  }

  private static String simpleName(String type) {
    return type.substring(type.lastIndexOf('.') + 1).replaceFirst("\\$.*", "");
  }
}
