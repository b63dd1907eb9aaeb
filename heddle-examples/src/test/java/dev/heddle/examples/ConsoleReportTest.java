package dev.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConsoleReportTest {
  @Test
  void itIsPlainTextWithTablesAndASummary() {
    assertThat(ConsoleReport.of(Runs.small(), 100, false)).isEqualTo("""
        Most called methods
          1,000  java.util.List.add(Object)

        Most used classes, by classes that use them
          999  java.lang.Object

        Census of JDK 25
          classes           1,000         4.2 MB of class files
          invocations       1,502         502 of them dynamic
          methods called    1             1 classes used
          time              500 ms        2,000 classes a second
          one thread        900 ms        1.80× as fast with 2 workers; each JVM warms up by itself
          tasks             3             3.0 kB in 1 move between workers
          worker-1          2 tasks       35 % busy, held 2 values, 5.0 kB
          worker-2          1 task        18 % busy, held 1 value, 700 B
          worker-3 (pid 7) was killed by signal 9
          not counted       1             × not a valid class file
        """);
  }

  @Test
  void colorIsOnlyAddedWhenAskedFor() {
    assertThat(ConsoleReport.of(Runs.small(), 100, true))
        .contains("\u001b[1mMost called methods\u001b[0m");
    assertThat(ConsoleReport.of(Runs.small(), 100, false)).doesNotContain("\u001b");
  }

  @Test
  void aLongNameIsShortenedInItsMiddle() {
    var run = Runs.of("JDK", "w",
        Runs.census("a.very.long.package.name.that.goes.on.and.on.Class.method:()V"));
    assertThat(ConsoleReport.of(run, 50, false).lines().skip(1).findFirst())
        .hasValueSatisfying(
            line -> assertThat(line).hasSize(50).contains("…").endsWith(".Class.method()"));
  }

  @Test
  void controlCharactersOfAClassFileDoNotReachTheTerminal() {
    var run = Runs.of("JDK\u001b[2J", "w\u0007", Runs.census("a\u001b[31m.m:()V"));
    assertThat(ConsoleReport.of(run, 100, false)).doesNotContain("\u001b", "\u0007")
        .contains("a\uFFFD[31m.m()");
  }
}
