package dev.heddle.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassSourceTest {
  @TempDir
  Path directory;

  @Test
  void everyClassOfTheJdkIsListedOnce() throws IOException {
    var listing = ClassSource.jdk();
    var listed = new HashSet<String>();
    for (var unit : listing.units()) {
      for (var part : unit.packages()) {
        part.files().forEach(
            file -> assertThat(listed.add(part.place().name() + "/" + part.path(file))).isTrue());
      }
    }
    assertThat(listed).isEqualTo(theJdksOwnList()).hasSize(listing.classes())
        .hasSizeGreaterThan(20_000);
  }

  /// By the module system, which doesn't go through the file system that is listed.
  private static Set<String> theJdksOwnList() throws IOException {
    var classes = new HashSet<String>();
    for (var module : ModuleFinder.ofSystem().findAll()) {
      try (var reader = module.open(); var names = reader.list()) {
        names.filter(name -> name.endsWith(".class") && !name.equals("module-info.class"))
            .forEach(name -> classes.add(module.descriptor().name() + "/" + name));
      }
    }
    return classes;
  }

  @Test
  void aModuleThatDoesNotExistIsNamed() {
    assertThatThrownBy(() -> ClassSource.modules(List.of("java.nothing")))
        .isInstanceOf(CensusException.class)
        .hasMessageContainingAll("has no module java.nothing", "--list-modules");
  }

  @Test
  void aDirectoryIsListedWithTheJarsInIt() throws IOException {
    Classes.write(directory.resolve("org/example/A.class"), Classes.calling("org.example.A", 1));
    Classes.write(directory.resolve("B.class"), Classes.calling("B", 1));
    Classes.write(directory.resolve("notes.txt"), "no class".getBytes(UTF_8));
    Classes.jar(directory.resolve("lib.jar"), Map.of("C.class", Classes.calling("C", 1)));
    assertThat(files(ClassSource.of(List.of(directory)))).containsExactlyInAnyOrder(
        "org/example/A.class", "B.class",
        "C.class");
  }

  @Test
  void aClassFileMayBeNamedItself() throws IOException {
    var file = Classes.write(directory.resolve("org/A.class"), Classes.calling("org.A", 3));
    assertThat(files(ClassSource.of(List.of(file)))).containsExactly("A.class");
  }

  @Test
  void aJarThatIsNamedTwiceIsListedOnce() throws IOException {
    var jar = Classes.jar(directory.resolve("lib.jar"), Map.of("C.class", Classes.calling("C", 1)));
    assertThat(ClassSource.of(List.of(jar, directory, jar)).classes()).isEqualTo(1);
  }

  @Test
  void ofAMultiReleaseJarTheClassesForThisJavaAreListed() throws IOException {
    var jar = Classes.jar(directory.resolve("multi.jar"),
        Map.of("META-INF/MANIFEST.MF",
            "Manifest-Version: 1.0\nMulti-Release: true\n\n".getBytes(UTF_8),
            "A.class", Classes.calling("A", 1), "META-INF/versions/9/A.class",
            Classes.calling("A", 10),
            "META-INF/versions/17/A.class", Classes.calling("A", 100),
            "META-INF/versions/99/A.class", Classes.calling("A", 1000), "B.class",
            Classes.calling("B", 5)));
    var listing = ClassSource.of(List.of(jar));
    assertThat(files(listing)).containsExactlyInAnyOrder("A.class", "B.class");
    assertThat(listing.skips().counts()).isEqualTo(Map.of(Skips.Reason.OTHER_RELEASE, 3));
    assertThat(Census.sequential(listing.units(), _ -> {}).invocations()).isEqualTo(105);
  }

  @Test
  void moduleDescriptorsAndNestedJarsAreSkippedAndCounted() throws IOException {
    var jar = Classes.jar(directory.resolve("fat.jar"),
        Map.of("module-info.class", Classes.moduleDescriptor("fat"), "lib/in.jar", new byte[]{1},
            "A.class",
            Classes.calling("A", 1)));
    var skips = ClassSource.of(List.of(jar)).skips();
    assertThat(skips.counts())
        .isEqualTo(Map.of(Skips.Reason.MODULE_DESCRIPTOR, 1, Skips.Reason.NESTED_JAR, 1));
    assertThat(skips.examples()).extracting(Skips.Skip::where).containsExactly(jar + "!/lib/in.jar",
        jar + "/module-info.class");
  }

  @Test
  void aBrokenJarInADirectoryIsSkippedAndTheRestListed() throws IOException {
    Classes.write(directory.resolve("broken.jar"), new byte[]{1, 2, 3});
    Classes.write(directory.resolve("A.class"), Classes.calling("A", 1));
    var listing = ClassSource.of(List.of(directory));
    assertThat(listing.classes()).isEqualTo(1);
    assertThat(listing.skips().counts()).isEqualTo(Map.of(Skips.Reason.UNREADABLE, 1));
  }

  @Test
  void aLoopOfLinksEnds() throws IOException {
    Classes.write(directory.resolve("a/A.class"), Classes.calling("A", 1));
    Files.createSymbolicLink(directory.resolve("a/loop"), directory);
    var listing = ClassSource.of(List.of(directory));
    assertThat(listing.classes()).isEqualTo(1);
    assertThat(listing.skips().counts()).isEqualTo(Map.of(Skips.Reason.UNREADABLE, 1));
  }

  @Test
  void aPathThatDoesNotExistIsAnError() {
    assertThatThrownBy(() -> ClassSource.of(List.of(directory.resolve("nowhere"))))
        .isInstanceOf(CensusException.class)
        .hasMessageContainingAll("no such file or directory", "nowhere");
  }

  @Test
  void aFileThatIsNoJarIsAnError() throws IOException {
    var text = Classes.write(directory.resolve("notes.txt"), "hello".getBytes(UTF_8));
    assertThatThrownBy(() -> ClassSource.of(List.of(text))).isInstanceOf(CensusException.class)
        .hasMessageContainingAll("as a jar", "notes.txt", "name jars, class files or directories");
  }

  @Test
  void noClassAtAllIsAnError() {
    assertThatThrownBy(() -> ClassSource.of(List.of(directory))).isInstanceOf(CensusException.class)
        .hasMessageContaining("no class file in " + directory);
  }

  private static List<String> files(ClassSource.Listing listing) {
    return listing.units().stream().flatMap(unit -> unit.packages().stream())
        .flatMap(part -> part.files().stream().map(part::path)).collect(Collectors.toList());
  }
}
