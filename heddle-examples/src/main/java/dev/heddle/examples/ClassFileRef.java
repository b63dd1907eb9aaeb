package dev.heddle.examples;

import java.util.Comparator;

/// One class file that was found, and how long it is.
record ClassFileRef(Place place, String directory, String file, long sizeBytes) {
  /// Package by package, place by place: the order in which they are cut into units.
  static final Comparator<ClassFileRef> ORDER = Comparator
      .comparing((ClassFileRef ref) -> ref.place().name())
      .thenComparing(ClassFileRef::directory).thenComparing(ClassFileRef::file);

  static ClassFileRef of(Place place, String path, long sizeBytes) {
    var slash = path.lastIndexOf('/');
    return new ClassFileRef(place, path.substring(0, Math.max(slash, 0)), path.substring(slash + 1),
        sizeBytes);
  }

  /// Whether both are of one package in one place.
  boolean isWith(ClassFileRef other) {
    return directory.equals(other.directory) && place.equals(other.place);
  }
}
