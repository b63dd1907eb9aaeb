package dev.heddle.worker;

import dev.heddle.wire.Address;
import dev.heddle.wire.Secret;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a worker is told when it starts.
///
/// @param name how it is known; no two workers of one store may have the same
/// @param listen where it listens; port 0 for any that is free
/// @param advertisedHost the host under which others reach it, where that is not `listen`'s; or `HOST:PORT`
/// @param threads how many functions run at once
/// @param secret the cluster's secret
/// @param valueBytesMax the largest value that it takes; none larger than its memory
/// @param lease for how long the store keeps its entries when nothing is heard of it
/// @param fetchTimeout how long a peer may take to send what it was asked for
/// @param resources what schedulers may give away of it, in the order of names: `GPU` → 1
/// @param memory how much memory it has for values, as schedulers are told, and where the others go
/// @param checks whether to find out that a function changed one of its inputs: each is encoded before
///     and after the function, which takes time. For tests.
/// @param nice by how much functions that run long give way to what else runs on the host, this worker's
///     own processes first: 0, not at all, to 19, as the command `nice` has it; on Linux
public record WorkerOptions(String name, Address listen, Optional<String> advertisedHost,
    int threads, Secret secret, long valueBytesMax, Duration lease, Duration fetchTimeout,
    Map<String, Integer> resources, MemoryOptions memory, boolean checks, int nice) {
  /// The system property that turns `checks` on where nobody says otherwise: `-Dheddle.checks=true`.
  public static final String CHECKS = "heddle.checks";
  /// The most functions that a worker runs at once.
  public static final int THREADS_MAX = 4096;
  public static final int NICE_MAX = 19;
  /// What `nice` is for a worker in a process of its own: the node answers, and serves values, also while
  /// its functions take all of every core.
  public static final int NICE = 10;

  public WorkerOptions {
    if (threads < 1 || threads > THREADS_MAX) {
      throw new IllegalArgumentException("a worker has 1 to " + THREADS_MAX + " threads, not "
          + threads + " (--threads)");
    }
    if (valueBytesMax < 1) {
      throw new IllegalArgumentException(
          "the value limit is " + valueBytesMax + " bytes; it must be positive (--value-limit)");
    }
    if (nice < 0 || nice > NICE_MAX) {
      throw new IllegalArgumentException("functions give way by 0 to " + NICE_MAX + ", not by "
          + nice + " (--nice)");
    }
    valueBytesMax = Math.min(valueBytesMax, memory.bytesMax());
    resources = Collections.unmodifiableMap(new TreeMap<>(resources));
    resources.forEach((resource, amount) -> {
      if (resource.isBlank() || amount < 1) {
        throw new IllegalArgumentException("the worker has " + amount + " of the resource '"
            + resource + "'; it needs a name and at least 1");
      }
    });
  }

  /// A worker on a free loopback port, with a thread a core, that takes values up to a quarter of
  /// its heap, and shares up to a quarter of what the host has for that.
  public static WorkerOptions of(String name, Secret secret) {
    return new WorkerOptions(name, new Address("127.0.0.1", 0), Optional.empty(),
        Runtime.getRuntime().availableProcessors(), secret, Runtime.getRuntime().maxMemory() / 4,
        Duration.ofSeconds(5), Duration.ofSeconds(60), Map.of(), MemoryOptions.ofThisProcess(),
        Boolean.getBoolean(CHECKS), 0);
  }

  public WorkerOptions withThreads(int count) {
    return new WorkerOptions(name, listen, advertisedHost, count, secret, valueBytesMax, lease,
        fetchTimeout, resources, memory, checks, nice);
  }

  public WorkerOptions withListen(Address address) {
    return new WorkerOptions(name, address, advertisedHost, threads, secret, valueBytesMax, lease,
        fetchTimeout, resources, memory, checks, nice);
  }

  public WorkerOptions withAdvertisedHost(String host) {
    return new WorkerOptions(name, listen, Optional.of(host), threads, secret, valueBytesMax, lease,
        fetchTimeout, resources, memory, checks, nice);
  }

  public WorkerOptions withValueBytesMax(long bytes) {
    return new WorkerOptions(name, listen, advertisedHost, threads, secret, bytes, lease,
        fetchTimeout, resources, memory, checks, nice);
  }

  public WorkerOptions withLease(Duration duration) {
    return new WorkerOptions(name, listen, advertisedHost, threads, secret, valueBytesMax, duration,
        fetchTimeout, resources, memory, checks, nice);
  }

  public WorkerOptions withFetchTimeout(Duration duration) {
    return new WorkerOptions(name, listen, advertisedHost, threads, secret, valueBytesMax, lease,
        duration, resources, memory, checks, nice);
  }

  public WorkerOptions withResources(Map<String, Integer> amounts) {
    return new WorkerOptions(name, listen, advertisedHost, threads, secret, valueBytesMax, lease,
        fetchTimeout, amounts, memory, checks, nice);
  }

  public WorkerOptions withMemory(MemoryOptions its) {
    return new WorkerOptions(name, listen, advertisedHost, threads, secret, valueBytesMax, lease,
        fetchTimeout, resources, its, checks, nice);
  }

  public WorkerOptions withChecks(boolean wanted) {
    return new WorkerOptions(name, listen, advertisedHost, threads, secret, valueBytesMax, lease,
        fetchTimeout, resources, memory, wanted, nice);
  }

  public WorkerOptions withNice(int by) {
    return new WorkerOptions(name, listen, advertisedHost, threads, secret, valueBytesMax, lease,
        fetchTimeout, resources, memory, checks, by);
  }

  /// A name that no other process on this network is likely to have.
  public static String nameOfThisProcess() {
    return "worker-" + hostName() + "-" + ProcessHandle.current().pid();
  }

  /// This machine's name, by which workers know that they share a host.
  static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
