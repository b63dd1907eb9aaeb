package dev.heddle.junit;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/// Who started a thread: the flight recorder knows, if it was asked to write it down.
final class Origins {
  /// The system property that has it do so.
  static final String PROPERTY = "heddle.junit.origins";

  private static final String STARTED = "jdk.ThreadStart";
  private static final int PLACES_MAX = 100_000;
  private static final ConcurrentHashMap<Long, String> PLACES = new ConcurrentHashMap<>();
  /// Guarded by the class.
  private static @Nullable Recording recording;

  private Origins() {}

  /// Begins, if it is wanted: what was started before is not known.
  static synchronized void prepare() {
    if (recording == null && Boolean.getBoolean(PROPERTY)) {
      var begun = new Recording();
      begun.setName(PROPERTY);
      begun.enable(STARTED).withStackTrace();
      begun.setToDisk(false);
      begun.start();
      recording = begun;
    }
  }

  /// In words.
  static synchronized String of(Thread thread) {
    if (recording == null) {
      return "run with -D" + PROPERTY + "=true to see who started it";
    }
    try {
      if (!PLACES.containsKey(thread.threadId())) {
        read(recording);
      }
      return PLACES.containsKey(thread.threadId())
          ? "started at " + PLACES.get(thread.threadId())
          : "who started it is no longer known";
    } catch (IOException e) {
      return "who started it cannot be read: " + e.getMessage();
    }
  }

  /// What was read once is not there again.
  private static void read(Recording recording) throws IOException {
    var file = Files.createTempFile("heddle-origins", ".jfr");
    try {
      recording.dump(file);
      for (var event : RecordingFile.readAllEvents(file)) {
        // Others record too, what else there is.
        if (event.getEventType().getName().equals(STARTED) && PLACES.size() < PLACES_MAX
            && event.getThread("thread") instanceof RecordedThread it) {
          PLACES.put(it.getJavaThreadId(), Program.place(framesOf(event)));
        }
      }
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
