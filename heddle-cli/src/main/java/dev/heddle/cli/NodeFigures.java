package dev.heddle.cli;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.time.Duration;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.jspecify.annotations.Nullable;

/// What one process of ours has used, as its JVM and the system tell: this one, or another of this user.
///
/// The question itself costs the other process some 100 KB of garbage.
final class NodeFigures implements AutoCloseable {
  private final long pid;
  private final ThreadMXBean threads;
  private final MemoryMXBean memory;
  private final @Nullable JMXConnector connector;

  private NodeFigures(long pid, MBeanServerConnection server, @Nullable JMXConnector connector)
      throws IOException {
    this.pid = pid;
    this.connector = connector;
    threads = ManagementFactory.newPlatformMXBeanProxy(server,
        ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
    memory = ManagementFactory.newPlatformMXBeanProxy(server, ManagementFactory.MEMORY_MXBEAN_NAME,
        MemoryMXBean.class);
  }

  static NodeFigures ofThisProcess() throws IOException {
    return new NodeFigures(ProcessHandle.current().pid(),
        ManagementFactory.getPlatformMBeanServer(), null);
  }

  /// @throws IOException if that JVM does not let itself be asked
  // The other end is a JVM that this one has just started, as this user.
  @SuppressWarnings("BanJNDI")
  static NodeFigures of(long pid) throws IOException {
    try {
      var machine = VirtualMachine.attach(Long.toString(pid));
      try {
        var connector = JMXConnectorFactory
            .connect(new JMXServiceURL(machine.startLocalManagementAgent()));
        return new NodeFigures(pid, connector.getMBeanServerConnection(), connector);
      } finally {
        machine.detach();
      }
    } catch (AttachNotSupportedException e) {
      throw new IOException("the process " + pid + " cannot be asked what it uses: "
          + e.getMessage() + "; run heddle bench on a whole JDK", e);
    }
  }

  /// Processor time of all its threads, those of the JVM too.
  long cpuNanos() {
    return ProcessHandle.of(pid).flatMap(process -> process.info().totalCpuDuration())
        .map(Duration::toNanos).orElse(0L);
  }

  /// Bytes of heap that its threads have asked for since it began.
  long allocatedBytes() {
    return threads.getTotalThreadAllocatedBytes();
  }

  /// Bytes of heap that are in use, after a collection.
  long liveBytes() {
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }

  @Override
  public void close() throws IOException {
    if (connector != null) {
      connector.close();
    }
  }
}
