package dev.heddle.examples;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// Counts class after class. Belongs to one thread, until [#result] makes a value of it.
final class Tally {
  private static final ClassFile PARSER = ClassFile.of(ClassFile.DebugElementsOption.DROP_DEBUG,
      ClassFile.LineNumbersOption.DROP_LINE_NUMBERS, ClassFile.StackMapsOption.DROP_STACK_MAPS);

  private final Map<String, Long> methods = new HashMap<>();
  private final Map<String, Long> usedClasses = new HashMap<>();
  private final List<Skips.Skip> skips = new ArrayList<>();
  private int classes;
  private long sizeBytes;
  private long invocations;
  private long dynamicInvocations;

  /// Counts one class, or notes why it can't be counted; nothing of a broken one is counted.
  void add(String where, byte[] bytes) {
    try {
      var found = Found.in(PARSER.parse(bytes));
      found.methods.forEach((method, count) -> methods.merge(method, count, Long::sum));
      found.usedClasses.forEach(name -> usedClasses.merge(name, 1L, Long::sum));
      invocations += found.invocations;
      dynamicInvocations += found.dynamicInvocations;
      classes++;
      sizeBytes += bytes.length;
    } catch (RuntimeException e) {
      // The parser says so by several exceptions, depending on what it stumbles over.
      skip(Skips.Reason.BROKEN, where, e.toString());
    }
  }

  void skip(Skips.Reason reason, String where, String detail) {
    skips.add(new Skips.Skip(reason, where, detail));
  }

  PartialCensus result() {
    return new PartialCensus(classes, sizeBytes, invocations, dynamicInvocations,
        Counts.of(methods),
        Counts.of(usedClasses), Skips.of(skips));
  }

  /// What one class holds.
  private static final class Found {
    private final Map<String, Long> methods = new HashMap<>();
    private final HashSet<String> usedClasses = new HashSet<>();
    private long invocations;
    private long dynamicInvocations;

    static Found in(ClassModel model) {
      var found = new Found();
      found.countCalls(model);
      found.collectUsed(model);
      return found;
    }

    private void countCalls(ClassModel model) {
      // By index in the constant pool first: a name is put together once for a method, not once for a call.
      var callsByIndex = new int[model.constantPool().size()];
      for (var method : model.methods()) {
        method.code().ifPresent(code -> countCalls(code, callsByIndex));
      }
      for (var index = 1; index < callsByIndex.length; index++) {
        if (callsByIndex[index] > 0) {
          var entry = model.constantPool().entryByIndex(index, MemberRefEntry.class);
          methods.merge(nameOf(entry), (long) callsByIndex[index], Long::sum);
        }
      }
    }

    private void countCalls(CodeModel code, int[] callsByIndex) {
      for (var element : code) {
        if (element instanceof InvokeInstruction call) {
          invocations++;
          callsByIndex[call.method().index()]++;
        } else if (element instanceof InvokeDynamicInstruction) {
          invocations++;
          dynamicInvocations++;
        }
      }
    }

    private static String nameOf(MemberRefEntry method) {
      return binaryName(method.owner().asInternalName()) + "." + method.name().stringValue() + ":"
          + method.type().stringValue();
    }

    /// The classes that the constant pool names; an array counts as what it is an array of.
    private void collectUsed(ClassModel model) {
      for (var entry : model.constantPool()) {
        if (entry instanceof ClassEntry used) {
          var name = elementName(used.asInternalName());
          if (!name.isEmpty()) {
            usedClasses.add(binaryName(name));
          }
        }
      }
      usedClasses.remove(binaryName(model.thisClass().asInternalName()));
    }

    /// `java/lang/String` of `[[Ljava/lang/String;`; empty for an array of primitives.
    private static String elementName(String internalName) {
      if (!internalName.startsWith("[")) {
        return internalName;
      }
      var element = internalName.substring(internalName.lastIndexOf('[') + 1);
      return element.startsWith("L") ? element.substring(1, element.length() - 1) : "";
    }

    private static String binaryName(String internalName) {
      return internalName.replace('/', '.');
    }
  }
}
