package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/// What processes may leave behind: other processes, directories in shared memory, files that are values and others
/// that were to be temporary. On Linux.
///
/// @param processes those that were started by the one that ends
/// @param shared directories in shared memory, of it and them
/// @param temporary where they have all other files
record Remains(List<ProcessHandle> processes, List<Path> shared, Path temporary) {
  private static final String SHARED = "/dev/shm/heddle-";

  /// Waits until a process has as many descendants as it should, and so many of them, and of itself, shared memory:
  /// workers make that when they start.
  static Remains awaitOf(JvmProcess process, int descendants, int workers, Path temporary) {
    var found = new ArrayList<Remains>();
    Awaited.that(() -> {
      if (!process.isAlive()) {
        throw new IllegalStateException("it has ended already: " + process);
      }
      var below = process.descendants();
      assertThat(below).as("descendants of %s", process).hasSize(descendants);
      var pids = Stream.concat(Stream.of(process.pid()), below.stream().map(ProcessHandle::pid));
      var shared = pids.flatMap(pid -> sharedBy(pid).stream()).toList();
      assertThat(shared).as("directories in shared memory of %s", process).hasSize(workers);
      found.add(new Remains(below, shared, temporary));
    });
    return found.getLast();
  }

  /// The directories in shared memory in which a process has files open: it holds the lock of its own.
  private static Collection<Path> sharedBy(long pid) {
    try (var open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return open.flatMap(link -> targetOf(link).stream())
          .filter(file -> file.toString().startsWith(SHARED) && file.endsWith("lock"))
          .map(Path::getParent).toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> targetOf(Path link) {
    try {
      return List.of(Files.readSymbolicLink(link));
    } catch (IOException e) { // It was closed meanwhile.
      return List.of();
    }
  }

  /// Files that are values are on the disk.
  void awaitSpilled() {
    Awaited.that(() -> assertThat(files()).anyMatch(file -> file.toString().endsWith(".values")));
  }

  private List<Path> files() {
    try (var all = Files.walk(temporary)) {
      return all.filter(Files::isRegularFile).toList();
    } catch (IOException | UncheckedIOException e) {
      // A directory went away meanwhile.
      return List.of(temporary);
    }
  }

  /// Waits until nothing of all that is there: processes end by themselves a moment after their parent.
  void awaitNone() {
    Awaited.that(() -> {
      assertThat(processes).as("processes that were started").noneMatch(ProcessHandle::isAlive);
      assertThat(shared).as("directories in shared memory").noneMatch(Files::exists);
      assertThat(files()).as("temporary files").isEmpty();
    });
  }
}
