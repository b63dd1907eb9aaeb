package dev.heddle.code;

import java.nio.ByteBuffer;
import java.util.function.IntConsumer;

/// Walks over the instructions of all methods of a class file (JVM specification, sections 4.1, 4.6,
/// 4.7.3 and 6.5).
final class Instructions {
  /// The length of each instruction, by its code; 0 where it varies.
  private static final String LENGTHS = "1111111111111111" // 0: constants
      + "23233" + "22222" // 16: bipush, sipush, ldc; 21: loads
      + "1111111111111111111111111111" // 26: loads without an operand, from arrays
      + "22222" // 54: stores
      + "1111111111111111111111111111111111111111111111111111111111111111111111111" // 59
      + "3" // 132: iinc
      + "11111111111111111111" // 133: conversions, comparisons
      + "3333333333333333" + "2" // 153: jumps, jsr; 169: ret
      + "00" // 170: switches
      + "111111" // 172: returns
      + "3333333" + "55" // 178: fields, invocations
      + "323" + "11" + "33" // 187: new, newarray, anewarray; 190; 192: checkcast, instanceof
      + "11" + "0" // 194: monitors; 196: wide
      + "433" + "55"; // 197: multianewarray, jumps on null; 200: wide jumps

  private static final int TABLESWITCH = 170;
  private static final int LOOKUPSWITCH = 171;
  private static final int IINC = 132;

  private Instructions() {}

  /// @param visitor
  ///          is given the offset of each instruction in the file
  static void visit(ByteBuffer file, ConstantPool pool, IntConsumer visitor) {
    var at = pool.end() + 6;
    at += 2 + 2 * u2(file, at);
    at = members(file, pool, at, _ -> {});
    members(file, pool, at, visitor);
  }

  /// @return where they end
  private static int members(ByteBuffer file, ConstantPool pool, int start, IntConsumer visitor) {
    var at = start + 2;
    for (var i = u2(file, start); i > 0; i--) {
      var attributes = u2(file, at + 6);
      at += 8;
      for (; attributes > 0; attributes--) {
        if (pool.text(u2(file, at)).equals("Code")) {
          code(file, at + 14, file.getInt(at + 10), visitor);
        }
        at += 6 + file.getInt(at + 2);
      }
    }
    return at;
  }

  private static void code(ByteBuffer file, int start, int length, IntConsumer visitor) {
    var at = start;
    while (at < start + length) {
      visitor.accept(at);
      at += length(file, start, at);
    }
  }

  private static int length(ByteBuffer file, int start, int at) {
    var code = Byte.toUnsignedInt(file.get(at));
    var length = LENGTHS.charAt(code) - '0';
    if (length > 0) {
      return length;
    }
    var padded = start + (at - start) / 4 * 4 + 4;
    return switch (code) {
      case TABLESWITCH ->
        padded + 12 + 4 * (file.getInt(padded + 8) - file.getInt(padded + 4) + 1) - at;
      case LOOKUPSWITCH -> padded + 8 + 8 * file.getInt(padded + 4) - at;
      default -> Byte.toUnsignedInt(file.get(at + 1)) == IINC ? 6 : 4;
    };
  }

  private static int u2(ByteBuffer file, int at) {
    return Short.toUnsignedInt(file.getShort(at));
  }
}
