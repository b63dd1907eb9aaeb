package dev.heddle.wire;

import dev.heddle.process.FlightEvents;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.text.ParseException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;

/// What the JVM's flight recorder has recorded for somebody who asked; a file at a time.
final class Recordings {
  static final int SECONDS_MAX = 600;
  private static final long BYTES_MAX = 64 << 20;
  private static final int PART_BYTES_MAX = 1 << 20;
  /// They tell what the process was started with, where secrets may be.
  private static final List<String> LEFT_OUT = List.of("jdk.InitialEnvironmentVariable",
      "jdk.InitialSystemProperty", "jdk.InitialSecurityProperty", "jdk.JVMInformation",
      "jdk.SystemProcess");

  private final CountDownLatch closing = new CountDownLatch(1);
  // Guarded by this.
  private @Nullable Path file;

  /// Records for so long, and keeps that in place of what there was.
  Message.Response record(int seconds) throws InterruptedException {
    if (seconds < 1 || seconds > SECONDS_MAX) {
      return new Message.Refused(Message.Reason.BAD_REQUEST,
          "a recording takes 1 to " + SECONDS_MAX + " s, not " + seconds);
    }
    FlightEvents.prepare();
    try (var recording = new Recording(Configuration.getConfiguration("default"))) {
      recording.setName("heddle record");
      recording.setToDisk(true);
      recording.setMaxSize(BYTES_MAX);
      LEFT_OUT.forEach(recording::disable);
      recording.start();
      if (closing.await(seconds, TimeUnit.SECONDS)) {
        return new Message.Refused(Message.Reason.DRAINING, "the node is closing");
      }
      recording.stop();
      var recorded = Files.createTempFile("heddle-", ".jfr");
      keep(recorded);
      recording.dump(recorded);
      return new Message.Recorded(Files.size(recorded));
    } catch (IOException | ParseException | IllegalStateException e) {
      return new Message.Refused(Message.Reason.UNAVAILABLE,
          "the flight recorder does not record: " + e);
    }
  }

  private synchronized void keep(Path recorded) throws IOException {
    remove();
    file = recorded;
  }

  private void remove() throws IOException {
    var old = file;
    file = null;
    if (old != null) {
      Files.deleteIfExists(old);
    }
  }

  /// What is from `offset` on; nothing at the end, when it is removed.
  synchronized Message.Response part(long offset) {
    var from = file;
    if (from == null) {
      return new Message.Refused(Message.Reason.BAD_REQUEST, "there is no recording; ask for one");
    }
    try (var channel = FileChannel.open(from, StandardOpenOption.READ)) {
      var left = Math.clamp(channel.size() - Math.max(0, offset), 0, PART_BYTES_MAX);
      var bytes = ByteBuffer.allocate(left);
      while (bytes.hasRemaining()
          && channel.read(bytes, offset + bytes.position()) >= 0) {
        // Until it is full.
      }
      if (left == 0) {
        remove();
      }
      return new Message.RecordingPart(bytes.array());
    } catch (IOException e) {
      return new Message.Refused(Message.Reason.UNAVAILABLE,
          "the recording cannot be read: " + e.getMessage());
    }
  }

  void close() {
    closing.countDown();
    synchronized (this) {
      try {
        remove();
      } catch (IOException e) {
        // The system removes temporary files.
        file = null;
      }
    }
  }
}
