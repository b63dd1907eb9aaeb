package dev.heddle.code;

import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.util.LinkedHashSet;
import java.util.List;

/// The classes that a class file mentions.
final class References {
  private References() {}

  /// As resource names, in the order of the constant pool; empty for a file that cannot be parsed.
  static List<String> of(byte[] classFile) {
    var names = new LinkedHashSet<String>();
    try {
      for (var entry : ClassFile.of().parse(classFile).constantPool()) {
        if (entry instanceof ClassEntry type) {
          var name = element(type.asInternalName());
          if (!name.isEmpty() && !Shared.isNamed(name.replace('/', '.'))) {
            names.add(name + ".class");
          }
        }
      }
    } catch (IllegalArgumentException _) {
      // Whoever defines the class will say so; there is nothing to look ahead for.
      return List.of();
    }
    return List.copyOf(names);
  }

  /// The class of an array's elements; empty for primitives.
  private static String element(String name) {
    if (!name.startsWith("[")) {
      return name;
    }
    var at = name.lastIndexOf('[') + 1;
    return name.charAt(at) == 'L' ? name.substring(at + 1, name.length() - 1) : "";
  }
}
