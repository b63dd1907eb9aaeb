package dev.heddle.wire;

import dev.heddle.process.Processes;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// Gathers what helps to find out what is wrong with a node. Of the JVM only what is named here: neither
/// its properties nor its arguments nor its environment, which may have secrets.
final class Dumping {
  /// The characters of one file at the most, so that all of them fit a frame.
  static final int FILE_CHARS_MAX = 400_000;
  static final int FILES_MAX = 10;

  private final EndpointConfig config;
  private final ConnectionHandler handler;

  Dumping(EndpointConfig config, ConnectionHandler handler) {
    this.config = config;
    this.handler = handler;
  }

  Message.Dump dump() throws InterruptedException {
    var files = new LinkedHashMap<String, String>();
    files.put("node.txt", node());
    files.put("threads.txt", bounded(threads()));
    files.put("log.txt", bounded(LastLines.text()));
    for (var each : told().entrySet()) {
      if (files.size() < FILES_MAX) {
        files.put(each.getKey(), bounded(each.getValue()));
      }
    }
    return new Message.Dump(files);
  }

  private Map<String, String> told() throws InterruptedException {
    try {
      return handler.tell();
    } catch (RuntimeException e) {
      return Map.of("state.txt", "a defect: this node cannot tell its state: " + e);
    }
  }

  private static String bounded(String text) {
    return text.length() <= FILE_CHARS_MAX
        ? text
        : text.substring(0, FILE_CHARS_MAX) + "\n… cut, of " + text.length() + " characters\n";
  }

  private String node() {
    var runtime = ManagementFactory.getRuntimeMXBean();
    var memory = ManagementFactory.getMemoryMXBean();
    var threads = ManagementFactory.getThreadMXBean();
    var text = new StringBuilder();
    line(text, "role", config.role().name().toLowerCase(Locale.ROOT));
    line(text, "name", config.name());
    line(text, "pid", ProcessHandle.current().pid());
    line(text, "heddle", config.heddleVersion());
    line(text, "protocol", Protocol.VERSION_LEAST + " to " + Protocol.VERSION_MOST);
    line(text, "java", Runtime.version() + " " + runtime.getVmVendor());
    line(text, "system", System.getProperty("os.name") + " " + System.getProperty("os.version")
        + " " + System.getProperty("os.arch"));
    line(text, "processors", Runtime.getRuntime().availableProcessors());
    line(text, "load", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    line(text, "up ms", runtime.getUptime());
    line(text, "heap", memory.getHeapMemoryUsage());
    line(text, "beside heap", memory.getNonHeapMemoryUsage());
    for (var collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      line(text, "collector " + collector.getName(), collector.getCollectionCount() + " times, "
          + collector.getCollectionTime() + " ms");
    }
    line(text, "threads", threads.getThreadCount() + ", at most " + threads.getPeakThreadCount());
    line(text, "classes", ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
    return text.toString();
  }

  private static void line(StringBuilder to, String name, Object value) {
    to.append(name).append(": ").append(value).append('\n');
  }

  private static String threads() {
    var deadlocked = ManagementFactory.getThreadMXBean().findDeadlockedThreads();
    return (deadlocked == null
        ? ""
        : deadlocked.length
            + " threads are deadlocked: the locks that they wait for are each other's"
            + "\n\n")
        + Processes.threads();
  }
}
