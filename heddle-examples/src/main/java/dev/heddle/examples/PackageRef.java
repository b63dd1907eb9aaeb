package dev.heddle.examples;

import java.io.Serializable;
import java.util.List;

/// Class files of one package in one place: all of them, or a part of a package that is too large for one task.
///
/// @param directory the package as a path, `java/util`; empty for the unnamed package
/// @param files the names of the class files in that directory: `List.class`
/// @param sizeBytes how large they are together
public record PackageRef(Place place, String directory, List<String> files,
    long sizeBytes) implements Serializable {
  public PackageRef {
    files = List.copyOf(files);
  }

  /// The path of a class file within its place.
  String path(String file) {
    return directory.isEmpty() ? file : directory + "/" + file;
  }

  /// `java.base/java.util`, or `app.jar/org.example`.
  public String label() {
    var place = place().name();
    return place.substring(place.lastIndexOf('/') + 1) + "/" + directory.replace('/', '.');
  }
}
