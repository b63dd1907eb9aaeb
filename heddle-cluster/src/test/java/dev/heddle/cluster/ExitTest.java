package dev.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExitTest {
  @TempDir
  private Path directory;

  @Test
  void codesSignalsAndLackOfMemoryAreToldApart() {
    assertThat(new Exit(7, List.of("x"), 0).text()).isEqualTo("ended with exit code 7");
    assertThat(new Exit(143, List.of(), 0).text()).isEqualTo("was killed by signal 15 (SIGTERM)");
    assertThat(new Exit(137, List.of(), -1).text())
        .isEqualTo(
            "was killed by signal 9 (SIGKILL: by hand, or by the kernel for lack of memory)");
    assertThat(new Exit(137, List.of(), 0).text()).contains("(SIGKILL: by hand, since the kernel");
    assertThat(new Exit(137, List.of(), 1).text())
        .contains("(SIGKILL: by the kernel for lack of memory", "killed 1 of");
    var heap = List.of("Terminating due to java.lang.OutOfMemoryError: Java heap space");
    assertThat(new Exit(3, heap, 0).text())
        .startsWith("ended with exit code 3 (out of memory: the heap was full");
    assertThat(new Exit(134, heap, 0).text()).contains("(SIGABRT) (out of memory");
    assertThat(new Exit(1, heap, 0).text())
        .isEqualTo("ended with exit code 1 after an OutOfMemoryError");
    assertThat(new Exit(3, List.of(), 0).text()).isEqualTo("ended with exit code 3");
  }

  @Test
  void theKernelsCountIsRead() throws Exception {
    var events = Files.writeString(directory.resolve("memory.events"),
        "low 0\nhigh 0\nmax 4\noom 2\noom_kill 3\noom_group_kill 0\n");
    assertThat(OomKills.count(events)).isEqualTo(3);
    assertThat(OomKills.count(Files.writeString(events, "low 0\n"))).isEqualTo(-1);
  }
}
