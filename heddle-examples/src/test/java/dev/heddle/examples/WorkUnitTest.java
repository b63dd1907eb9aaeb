package dev.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WorkUnitTest {
  private static final Place PLACE = new Place.JdkModule("java.base");

  @Test
  void theJdkIsCutIntoUnitsOfSimilarCost() {
    var units = ClassSource.jdk().units();
    assertThat(units.subList(0, units.size() - 1)).allSatisfy(
        unit -> assertThat(unit.classes()).isBetween(WorkUnit.CLASSES_MIN, WorkUnit.CLASSES_MAX));
    var mean = units.stream().mapToLong(WorkUnit::sizeBytes).average().orElseThrow();
    assertThat(units)
        .allSatisfy(unit -> assertThat((double) unit.sizeBytes()).isLessThan(mean * 4));
  }

  @Test
  void aLargePackageIsCutAndSmallOnesAreJoined() {
    var large = files("large", 1_000, 1_000);
    var small = Stream.of("s1", "s2", "s3", "s4").flatMap(name -> files(name, 10, 1_000).stream())
        .toList();
    var units = WorkUnit.cut(Stream.concat(large.stream(), small.stream()).toList());
    assertThat(units.stream().map(WorkUnit::classes)).containsExactly(200, 200, 200, 200, 200, 40);
    assertThat(units.getLast().packages()).extracting(PackageRef::directory).containsExactly("s1",
        "s2", "s3", "s4");
    assertThat(units.getLast().label()).isEqualTo("java.base/s1 +3");
    assertThat(units.getFirst().label()).isEqualTo("java.base/large");
  }

  @Test
  void aUnitEndsAtTheBorderOfAPackageWhenItIsNearlyFull() {
    var units = WorkUnit.cut(
        Stream.concat(files("a", 170, 1_000).stream(), files("b", 170, 1_000).stream()).toList());
    assertThat(units.stream().map(WorkUnit::classes)).containsExactly(170, 170);
  }

  @Test
  void everyClassIsInOneUnitInOrder() {
    var classes = Stream.of("a", "b", "c").flatMap(name -> files(name, 333, 5_000).stream())
        .toList();
    var cut = WorkUnit.cut(classes).stream().flatMap(unit -> unit.packages().stream())
        .flatMap(part -> part.files().stream().map(part::path)).toList();
    assertThat(cut)
        .isEqualTo(classes.stream().map(file -> file.directory() + "/" + file.file()).toList());
  }

  @Test
  void nothingIsCutIntoNothing() {
    assertThat(WorkUnit.cut(List.of())).isEmpty();
  }

  @Test
  void itTravels() throws Exception {
    var unit = WorkUnit.cut(files("a", 3, 10)).getFirst();
    assertThat(Travel.there(unit)).isEqualTo(unit);
    assertThat(unit.sizeBytes()).isEqualTo(30);
  }

  private static List<ClassFileRef> files(String directory, int count, long sizeBytes) {
    return IntStream.range(0, count)
        .mapToObj(i -> ClassFileRef.of(PLACE, "%s/C%04d.class".formatted(directory, i), sizeBytes))
        .toList();
  }
}
