package dev.heddle.code;

import java.nio.ByteBuffer;
import java.util.Set;

/// Rewrites shipped classes so that `System.exit`, `Runtime.exit` and `Runtime.halt`, also as method
/// references, call [Exits] instead. Calls by reflection are not seen.
///
/// The calls are redirected in the constant pool; a call on a `Runtime` becomes a static one of the
/// same length with the same operands, so that frames, line numbers and offsets stay as they were,
/// and nothing has to be known about other classes. Classes that mention none of the three are left
/// alone.
final class ExitGuard {
  private static final String EXITS = "dev/heddle/code/Exits";
  private static final String RUNTIME_CALL = "(Ljava/lang/Runtime;I)V";
  private static final int CONSTANTS_MAX = 0xFFFF;

  private static final byte INVOKEVIRTUAL = (byte) 0xB6;
  private static final byte INVOKESTATIC = (byte) 0xB8;
  private static final byte REF_INVOKE_STATIC = 6;

  private ExitGuard() {}

  /// The class file to define in place of `classFile`: itself in most cases, and whenever it cannot
  /// be read, which `defineClass` will report.
  static byte[] guard(byte[] classFile) {
    try {
      var pool = ConstantPool.of(classFile);
      var onSystem = pool.methods("java/lang/System", Set.of("exit"), "(I)V");
      var onRuntime = pool.methods("java/lang/Runtime", Set.of("exit", "halt"), "(I)V");
      if ((onSystem.isEmpty() && onRuntime.isEmpty())
          || pool.count() + 3 + onRuntime.size() > CONSTANTS_MAX) {
        return classFile;
      }
      return rewrite(classFile.clone(), pool, onSystem, onRuntime);
    } catch (IndexOutOfBoundsException | java.nio.BufferUnderflowException _) {
      return classFile;
    }
  }

  private static byte[] rewrite(byte[] file, ConstantPool pool, Set<Integer> onSystem,
      Set<Integer> onRuntime) {
    var bytes = ByteBuffer.wrap(file);
    var added = new AddedConstants(pool.count());
    var exits = added.type(EXITS);
    for (var method : onSystem) {
      bytes.putShort(pool.offset(method) + 1, exits);
    }
    if (!onRuntime.isEmpty()) {
      var call = added.utf8(RUNTIME_CALL);
      for (var method : onRuntime) {
        bytes.putShort(pool.offset(method) + 1, exits);
        bytes.putShort(pool.offset(method) + 3,
            added.nameAndType(pool.nameOfMember(method), call));
      }
      for (var handle : pool.handlesOf(onRuntime)) {
        bytes.put(pool.offset(handle) + 1, REF_INVOKE_STATIC);
      }
      Instructions.visit(bytes, pool, at -> {
        if (bytes.get(at) == INVOKEVIRTUAL
            && onRuntime.contains(Short.toUnsignedInt(bytes.getShort(at + 1)))) {
          bytes.put(at, INVOKESTATIC);
        }
      });
    }
    return added.insert(file, pool);
  }
}
