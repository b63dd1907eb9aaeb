package dev.heddle.examples;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;

/// Finds class files: those of the running JDK, or those in jars and directories.
public final class ClassSource {
  private final List<ClassFileRef> classes = new ArrayList<>();
  private final List<Skips.Skip> skips = new ArrayList<>();

  private ClassSource() {}

  /// All that was found.
  ///
  /// @param units every class that is to be counted, in exactly one unit
  /// @param classes how many those are
  /// @param skips what was seen and left out; what turns out to be broken is in a [PartialCensus] instead
  public record Listing(String title, List<WorkUnit> units, int classes, long sizeBytes,
      Skips skips) {
    public Listing {
      units = List.copyOf(units);
    }
  }

  /// Every class of every module of the running JDK.
  public static Listing jdk() {
    return modules(List.of());
  }

  /// Every class of some modules of the running JDK; of all of them if none is named.
  ///
  /// @throws CensusException if there is no such module
  public static Listing modules(List<String> names) {
    var source = new ClassSource();
    var root = Place.JdkModule.modules();
    try {
      for (var name : names.isEmpty() ? childrenOf(root) : names) {
        if (!Files.isDirectory(root.resolve(name))) {
          throw new CensusException(
              "this JDK (" + System.getProperty("java.home") + ") has no module " + name
                  + "; `java --list-modules` lists those that it has");
        }
        source.walk(new Place.JdkModule(name), root.resolve(name));
      }
    } catch (IOException e) {
      throw new CensusException(
          "cannot list the modules of the JDK in " + System.getProperty("java.home"), e);
    }
    return source.listing("JDK " + Runtime.version());
  }

  /// Every class in the given jars, class files and directories, and in the jars in those directories.
  ///
  /// @throws CensusException if a path doesn't exist, is neither a jar nor a class file nor a directory, or if there is
  ///     no class in all of them
  public static Listing of(List<Path> paths) {
    var source = new ClassSource();
    paths.forEach(source::add);
    var title = paths.size() == 1 ? paths.getFirst().toString() : paths.size() + " paths";
    if (source.classes.isEmpty()) {
      throw new CensusException("no class file in "
          + title + (source.skips.isEmpty()
              ? ""
              : ", only "
                  + Skips.of(source.skips).counts())
          + "; name jars, or directories with compiled classes");
    }
    return source.listing(title);
  }

  private void add(Path given) {
    var path = given.toAbsolutePath().normalize();
    if (!Files.exists(path)) {
      throw new CensusException(
          "no such file or directory: " + given + "; name jars, class files or directories");
    } else if (!Files.isReadable(path)) {
      throw new CensusException("cannot read " + given + ": permission denied");
    }
    try {
      if (Files.isDirectory(path)) {
        walk(new Place.Directory(path.toString()), path);
      } else if (isClass(path.toString())) {
        var directory = Objects.requireNonNull(path.getParent(), "a file is in a directory");
        classFile(new Place.Directory(directory.toString()), directory, path, Files.size(path));
      } else {
        jar(path);
      }
    } catch (IOException e) {
      throw new CensusException("cannot read " + given + " as a jar: " + e.getMessage()
          + "; name jars, class files or directories", e);
    }
  }

  private void walk(Place place, Path root) throws IOException {
    Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            var name = file.toString();
            if (isClass(name)) {
              classFile(place, root, file, attributes.size());
            } else if (name.endsWith(".jar")) {
              jarInDirectory(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure) {
            if (!Files.isSymbolicLink(file) || failure instanceof FileSystemLoopException
                || isClass(file.toString())) {
              skip(Skips.Reason.UNREADABLE, file.toString(), failure.toString());
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private void jarInDirectory(Path file) {
    try {
      jar(file);
    } catch (IOException e) {
      skip(Skips.Reason.UNREADABLE, file.toString(), e.toString());
    }
  }

  private void jar(Path path) throws IOException {
    var place = new Place.Jar(path.toString());
    try (var jar = Place.Jar.openJar(path)) {
      var chosen = new HashSet<String>();
      jar.versionedStream().filter(entry -> isClass(entry.getName())).forEach(entry -> {
        chosen.add(entry.getRealName());
        classFile(place, entry.getName(), entry.getSize());
      });
      for (var entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        var name = entry.getName();
        if (isClass(name) && !chosen.contains(name)) {
          skip(Skips.Reason.OTHER_RELEASE, path + "!/" + name, "");
        } else if (name.endsWith(".jar")) {
          skip(Skips.Reason.NESTED_JAR, path + "!/" + name, "unpack it and name it");
        }
      }
    }
  }

  private void classFile(Place place, Path root, Path file, long sizeBytes) {
    classFile(place, root.relativize(file).toString().replace('\\', '/'), sizeBytes);
  }

  private void classFile(Place place, String path, long sizeBytes) {
    if (path.equals("module-info.class") || path.endsWith("/module-info.class")) {
      skip(Skips.Reason.MODULE_DESCRIPTOR, place.name() + "/" + path, "");
    } else {
      classes.add(ClassFileRef.of(place, path, Math.max(sizeBytes, 0)));
    }
  }

  private void skip(Skips.Reason reason, String where, String detail) {
    skips.add(new Skips.Skip(reason, where, detail));
  }

  private Listing listing(String title) {
    // A jar may have been named, and found in a directory that was named too.
    var distinct = classes.stream().sorted(ClassFileRef.ORDER).distinct().toList();
    return new Listing(title, WorkUnit.cut(distinct), distinct.size(),
        distinct.stream().mapToLong(ClassFileRef::sizeBytes).sum(), Skips.of(skips));
  }

  private static boolean isClass(String name) {
    return name.endsWith(".class");
  }

  private static List<String> childrenOf(Path root) throws IOException {
    try (var children = Files.list(root)) {
      return children.map(child -> child.getFileName().toString()).sorted().toList();
    }
  }
}
