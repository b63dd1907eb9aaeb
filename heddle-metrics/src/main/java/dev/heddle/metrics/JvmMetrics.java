package dev.heddle.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// What the JVM and the system tell of this process.
final class JvmMetrics {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  private JvmMetrics() {}

  static void tell(Sheet sheet) {
    var memory = ManagementFactory.getMemoryMXBean();
    var heap = memory.getHeapMemoryUsage();
    area(sheet, "heap", heap);
    area(sheet, "nonheap", memory.getNonHeapMemoryUsage());
    var buffers = 0L;
    for (var pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      sheet.gauge(Measure.JVM_BUFFERS, pool.getMemoryUsed(), pool.getName());
      buffers += pool.getName().equals("direct") ? pool.getMemoryUsed() : 0;
    }
    sheet.gauge(Measure.MEMORY, heap.getUsed(), "heap");
    sheet.gauge(Measure.MEMORY_LIMIT, Runtime.getRuntime().maxMemory(), "heap");
    sheet.gauge(Measure.MEMORY, buffers, "buffers");
    for (var collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      sheet.summary(Measure.JVM_GC, Math.max(0, collector.getCollectionCount()),
          Math.max(0, collector.getCollectionTime()) / 1e3, collector.getName());
    }
    sheet.gauge(Measure.JVM_THREADS, ManagementFactory.getThreadMXBean().getThreadCount());
    sheet.gauge(Measure.PROCESS_START,
        ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3);
    process(sheet);
  }

  private static void area(Sheet sheet, String area, MemoryUsage usage) {
    sheet.gauge(Measure.JVM_MEMORY_USED, usage.getUsed(), area);
    if (usage.getMax() >= 0) {
      sheet.gauge(Measure.JVM_MEMORY_MAX, usage.getMax(), area);
    }
  }

  private static void process(Sheet sheet) {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      sheet.counter(Measure.PROCESS_CPU, system.getProcessCpuTime() / 1e9);
      sheet.gauge(Measure.PROCESS_FDS, system.getOpenFileDescriptorCount());
      sheet.gauge(Measure.PROCESS_FDS_MAX, system.getMaxFileDescriptorCount());
    }
    try {
      var found = RESIDENT.matcher(Files.readString(STATUS));
      if (found.find()) {
        sheet.gauge(Measure.PROCESS_RESIDENT, Long.parseLong(found.group(1)) * 1024);
      }
    } catch (IOException _) {
      // Not on Linux: then there is no such figure.
    }
  }
}
