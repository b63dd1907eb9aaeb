package dev.heddle.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StallsTest {
  @TempDir
  private Path directory;

  @Test
  void howEverythingIsGoesToAFewBoundedFiles() throws Exception {
    var stalls = new Stalls(directory);
    for (var i = 0; i < Stalls.FILES_MAX + 3; i++) {
      stalls.report("the worker a runs nothing", "x".repeat(Stalls.FILE_CHARS_MAX + 1));
    }
    try (var files = Files.list(directory)) {
      assertThat(files.toList()).hasSize(Stalls.FILES_MAX).allSatisfy(file -> {
        assertThat(Files.readString(file)).startsWith("the worker a runs nothing\n\nxxx")
            .endsWith("\n(cut here)\n");
        assertThat(Files.size(file)).isLessThan(Stalls.FILE_CHARS_MAX + 100L);
      });
    }
  }
}
