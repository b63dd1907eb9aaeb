package dev.heddle.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CensusTest {
  private static final Pattern INVOKE_LINE = Pattern.compile("^\\s+\\d+: (invoke\\w+)",
      Pattern.MULTILINE);

  @TempDir
  Path directory;

  @Test
  void invocationsAreTheInvokeLinesOfJavap() {
    var listing = ClassSource.modules(List.of("jdk.httpserver"));
    var census = sequential(listing);
    var lines = INVOKE_LINE.matcher(javap(listing)).results().map(line -> line.group(1)).toList();
    assertThat(census.invocations()).isEqualTo(lines.size()).isGreaterThan(1_000);
    assertThat(census.dynamicInvocations())
        .isEqualTo(Collections.frequency(lines, "invokedynamic"));
    assertThat(census.methods().total())
        .isEqualTo(census.invocations() - census.dynamicInvocations());
  }

  @Test
  void aMethodIsCountedAsOftenAsJavapShowsIt() {
    var listing = ClassSource.modules(List.of("jdk.httpserver"));
    var shown = Pattern
        .compile("// (Interface)?Method java/lang/StringBuilder\\.append:\\(Ljava/lang/String;\\)")
        .matcher(javap(listing)).results().count();
    assertThat(sequential(listing).methods().get(
        "java.lang.StringBuilder.append:(Ljava/lang/String;)Ljava/lang/StringBuilder;"))
        .isEqualTo(shown).isPositive();
  }

  private static String javap(ClassSource.Listing listing) {
    var arguments = new ArrayList<>(List.of("-c", "-p"));
    for (var unit : listing.units()) {
      for (var part : unit.packages()) {
        part.files()
            .forEach(file -> arguments.add("jrt:/" + part.place().name() + "/" + part.path(file)));
      }
    }
    var out = new StringWriter();
    var err = new StringWriter();
    var javap = ToolProvider.findFirst("javap").orElseThrow();
    var status = javap.run(new PrintWriter(out), new PrintWriter(err),
        arguments.toArray(String[]::new));
    assertThat(status).as(err.toString()).isZero();
    return out.toString();
  }

  @Test
  void mergedInAnyOrderUnitsGiveTheSequentialCensus() {
    var listing = ClassSource.modules(List.of("java.logging", "java.xml", "jdk.httpserver"));
    var parts = new ArrayList<>(listing.units().stream().map(Census::of).toList());
    assertThat(parts).hasSizeGreaterThan(3);
    Collections.shuffle(parts, new Random(1));
    var half = parts.size() / 2;
    var left = parts.subList(0, half).stream().reduce(PartialCensus.NONE, PartialCensus::merge);
    var right = parts.subList(half, parts.size()).stream().reduce(PartialCensus.NONE,
        PartialCensus::merge);
    assertThat(PartialCensus.merge(left, right)).isEqualTo(sequential(listing));
    assertThat(sequential(listing).classes()).isEqualTo(listing.classes());
    assertThat(sequential(listing).sizeBytes()).isEqualTo(listing.sizeBytes());
  }

  @Test
  void packageByPackageIsTheSameAsTheUnit() {
    var unit = ClassSource.modules(List.of("java.logging")).units().getFirst();
    assertThat(unit.packages()).hasSizeGreaterThan(1);
    assertThat(unit.packages().stream().map(Census::ofPackage).reduce(PartialCensus.NONE,
        PartialCensus::merge))
        .isEqualTo(Census.of(unit));
  }

  @Test
  void aUsedClassIsCountedOnceForEachOtherClassThatNamesIt() throws IOException {
    var census = censusOf(
        Map.of("A.class", Classes.calling("A", 5), "B.class", Classes.calling("B", 7)));
    assertThat(census.methods().get("java.lang.Math.abs:(I)I")).isEqualTo(12);
    assertThat(census.usedClasses().get("java.lang.Math")).isEqualTo(2);
    assertThat(census.usedClasses().get("A")).as("a class does not use itself").isZero();
    assertThat(census.usedClasses().get("java.lang.Object")).as("the superclass is used")
        .isEqualTo(2);
  }

  @Test
  void anArrayCountsAsWhatItIsAnArrayOf() {
    var census = sequential(ClassSource.modules(List.of("java.logging")));
    assertThat(census.usedClasses().top(1_000)).extracting(Counts.Count::name)
        .contains("java.util.logging.Handler")
        .noneMatch(name -> name.startsWith("[") || name.contains("/") || name.contains(";"));
  }

  @Test
  void brokenClassesAreSkippedWithTheReasonAndTheRestIsCounted() throws IOException {
    var whole = Classes.calling("A", 5);
    var truncated = Arrays.copyOf(whole, whole.length / 2);
    var flipped = whole.clone();
    Arrays.fill(flipped, whole.length - 30, whole.length - 4, (byte) 0xff);
    var census = censusOf(Map.of("A.class", whole, "Empty.class", new byte[0], "Text.class",
        "not a class".getBytes(UTF_8), "Truncated.class", truncated, "Flipped.class", flipped));
    assertThat(census.classes()).isEqualTo(1);
    assertThat(census.invocations()).isEqualTo(5);
    assertThat(census.skips().counts()).isEqualTo(Map.of(Skips.Reason.BROKEN, 4));
    assertThat(census.skips().examples()).allSatisfy(skip -> assertThat(skip.detail()).isNotEmpty())
        .extracting(Skips.Skip::where).anyMatch(where -> where.endsWith("lib.jar/Text.class"));
  }

  @Test
  void randomBytesNeverEndTheCensus() throws IOException {
    var random = new Random(42);
    var whole = Classes.calling("A", 5);
    for (var i = 0; i < 2_000; i++) {
      var damaged = whole.clone();
      for (var hits = random.nextInt(1, 4); hits > 0; hits--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      var tally = new Tally();
      tally.add("damaged " + i, damaged);
      var census = tally.result();
      assertThat(census.classes() + census.skips().total()).isEqualTo(1);
    }
  }

  @Test
  void anEndlessClassFileIsNotReadIntoMemory() throws IOException {
    try (var file = new RandomAccessFile(directory.resolve("Huge.class").toFile(), "rw")) {
      file.setLength(Census.CLASS_BYTES_MAX + 1L);
    }
    var census = sequential(ClassSource.of(List.of(directory)));
    assertThat(census.skips().counts()).isEqualTo(Map.of(Skips.Reason.TOO_LARGE, 1));
  }

  @Test
  void aPlaceThatThisProcessDoesNotSeeIsAnErrorThatSaysWhatToDo() throws IOException {
    var jar = Classes.jar(directory.resolve("gone.jar"),
        Map.of("A.class", Classes.calling("A", 1)));
    var unit = ClassSource.of(List.of(jar)).units().getFirst();
    Files.delete(jar);
    assertThatThrownBy(() -> Census.of(unit)).isInstanceOf(CensusException.class)
        .hasMessageContainingAll("gone.jar", "process " + ProcessHandle.current().pid(),
            "at the same path");
  }

  @Test
  void aWorkerWithAnotherJdkSaysSo() {
    var part = new PackageRef(new Place.JdkModule("java.base"), "java/util",
        List.of("List.class", "Soon.class"), 0);
    assertThatThrownBy(() -> Census.ofPackage(part)).isInstanceOf(CensusException.class)
        .hasMessageContainingAll("Soon.class", "java.base", "with the JDK of the caller");
  }

  @Test
  void aCensusTravels() throws Exception {
    var census = sequential(ClassSource.modules(List.of("java.logging")));
    assertThat(Travel.there(census)).isEqualTo(census);
    var broken = censusOf(Map.of("A.class", new byte[0]));
    assertThat(Travel.there(broken)).isEqualTo(broken);
  }

  private PartialCensus censusOf(Map<String, byte[]> entries) throws IOException {
    return sequential(ClassSource.of(List.of(Classes.jar(directory.resolve("lib.jar"), entries))));
  }

  private static PartialCensus sequential(ClassSource.Listing listing) {
    var units = new ArrayList<WorkUnit>();
    var census = Census.sequential(listing.units(), units::add);
    assertThat(units).isEqualTo(listing.units());
    return census;
  }
}
