package dev.heddle.code;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.IntPredicate;

/// Where the constants of a class file stand in it (JVM specification, section 4.4).
final class ConstantPool {
  private static final int START = 10;
  private static final int UTF8 = 1;
  private static final int METHOD = 10;
  private static final int INTERFACE_METHOD = 11;
  private static final int HANDLE = 15;

  private final byte[] file;
  private final ByteBuffer bytes;
  private final int[] offsets;
  private final int end;

  private ConstantPool(byte[] file, int[] offsets, int end) {
    this.file = file;
    this.bytes = ByteBuffer.wrap(file);
    this.offsets = offsets;
    this.end = end;
  }

  /// @throws IndexOutOfBoundsException
  ///           if it is no class file
  static ConstantPool of(byte[] classFile) {
    var bytes = ByteBuffer.wrap(classFile);
    var offsets = new int[Short.toUnsignedInt(bytes.getShort(8))];
    var at = START;
    for (var i = 1; i < offsets.length; i++) {
      offsets[i] = at;
      var tag = bytes.get(at);
      at += size(bytes, at, tag);
      if (tag == 5 || tag == 6) {
        i++;
      }
    }
    return new ConstantPool(classFile, offsets, at);
  }

  private static int size(ByteBuffer bytes, int at, int tag) {
    return switch (tag) {
      case UTF8 -> 3 + Short.toUnsignedInt(bytes.getShort(at + 1));
      case 3, 4, 9, METHOD, INTERFACE_METHOD, 12, 17, 18 -> 5;
      case 5, 6 -> 9;
      case 7, 8, 16, 19, 20 -> 3;
      case HANDLE -> 4;
      default -> throw new IndexOutOfBoundsException("constant of unknown kind " + tag);
    };
  }

  /// One more than the number of the last constant.
  int count() {
    return offsets.length;
  }

  int offset(int constant) {
    return offsets[constant];
  }

  /// Where the constants end.
  int end() {
    return end;
  }

  /// The references to these methods.
  Set<Integer> methods(String owner, Set<String> names, String descriptor) {
    return all(METHOD,
        at -> text(index(offsets[index(at + 1)] + 1)).equals(owner)
            && text(index(offsets[index(at + 3)] + 3)).equals(descriptor)
            && names.contains(text(index(offsets[index(at + 3)] + 1))));
  }

  /// The handles of these methods.
  Set<Integer> handlesOf(Set<Integer> methods) {
    return all(HANDLE, at -> methods.contains(index(at + 2)));
  }

  private Set<Integer> all(int tag, IntPredicate at) {
    var found = new LinkedHashSet<Integer>();
    for (var i = 1; i < offsets.length; i++) {
      if (offsets[i] != 0 && bytes.get(offsets[i]) == tag && at.test(offsets[i])) {
        found.add(i);
      }
    }
    return found;
  }

  /// The constant that holds a method's name.
  int nameOfMember(int method) {
    return index(offsets[index(offsets[method] + 3)] + 1);
  }

  /// The text of a constant, as far as it is ASCII, which the names that matter here are.
  String text(int constant) {
    var at = offsets[constant];
    return new String(file, at + 3, index(at + 1), StandardCharsets.ISO_8859_1);
  }

  private int index(int at) {
    return Short.toUnsignedInt(bytes.getShort(at));
  }
}
