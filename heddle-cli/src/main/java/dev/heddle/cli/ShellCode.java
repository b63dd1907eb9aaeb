package dev.heddle.cli;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/// What can be read from, and done with, the classes that the shell makes of what is typed. Pure.
///
/// Each snippet is a class `REPL.$JShell$5` or `REPL.$JShell$5B`; a variable is a static field of one, what is to be
/// done at once its method `do_it$`, a class that was typed a nested one.
final class ShellCode {
  private static final Pattern SNIPPET = Pattern.compile("REPL/\\$JShell\\$\\d+[A-Z]*");
  private static final String PREFIX = "REPL/$JShell$";
  private static final String DO_IT = "do_it$";
  private static final ClassDesc VARIABLES = ClassDesc.of("dev.heddle.cli.ShellVariables");
  private static final MethodTypeDesc GET = MethodTypeDesc.of(ConstantDescs.CD_Object,
      ConstantDescs.CD_Class, ConstantDescs.CD_String, ConstantDescs.CD_String);

  /// A variable, by its class's name with slashes, and its own.
  record Variable(String owner, String name) {}

  /// A method; all of its class's if `name` is empty.
  private record Place(String owner, String name, String type) {}

  /// What a function reads and writes.
  record Uses(Set<Variable> reads, Set<Variable> writes) {}

  private ShellCode() {}

  /// Has functions read variables by [ShellVariables]. What is done at once reads them as ever, since it is only done
  /// in the shell.
  static byte[] readingVariables(byte[] classFile) {
    var file = ClassFile.of();
    var model = file.parse(classFile);
    var self = model.thisClass().asSymbol();
    CodeTransform reading = (builder, element) -> read(builder, element, self);
    return file.transformClass(model,
        ClassTransform.transformingMethodBodies(
            method -> !method.methodName().stringValue().equals(DO_IT), reading));
  }

  private static void read(CodeBuilder builder, CodeElement element, ClassDesc self) {
    if (!(element instanceof FieldInstruction field) || field.opcode() != Opcode.GETSTATIC
        || !isVariable(field)) {
      builder.with(element);
      return;
    }
    builder.loadConstant(self).loadConstant(field.owner().asInternalName())
        .loadConstant(field.name().stringValue()).invokestatic(VARIABLES, "get", GET);
    var type = field.typeSymbol();
    if (!type.isPrimitive()) {
      builder.checkcast(type);
      return;
    }
    var boxed = boxOf(type);
    builder.checkcast(boxed).invokevirtual(boxed, type.displayName() + "Value",
        MethodTypeDesc.of(type));
  }

  private static ClassDesc boxOf(ClassDesc primitive) {
    return switch (TypeKind.from(primitive)) {
      case BOOLEAN -> ConstantDescs.CD_Boolean;
      case BYTE -> ConstantDescs.CD_Byte;
      case CHAR -> ConstantDescs.CD_Character;
      case SHORT -> ConstantDescs.CD_Short;
      case INT -> ConstantDescs.CD_Integer;
      case LONG -> ConstantDescs.CD_Long;
      case FLOAT -> ConstantDescs.CD_Float;
      case DOUBLE -> ConstantDescs.CD_Double;
      case VOID, REFERENCE -> throw new IllegalArgumentException(primitive + " has no box");
    };
  }

  private static boolean isVariable(FieldInstruction field) {
    return SNIPPET.matcher(field.owner().asInternalName()).matches();
  }

  /// Which variables a function uses, by itself and by what it calls.
  ///
  /// @param method empty for all of the class
  /// @param classFiles of the classes that were typed, by their names with slashes, as the compiler made them
  static Uses usesOf(String owner, String method, String type,
      Function<String, Optional<byte[]>> classFiles) {
    var uses = new Uses(new LinkedHashSet<>(), new LinkedHashSet<>());
    var seen = new HashSet<Place>();
    var left = new ArrayDeque<Place>();
    left.add(new Place(owner, method, type));
    while (left.poll() instanceof Place place) {
      if (place.owner().startsWith(PREFIX) && seen.add(place)) {
        classFiles.apply(place.owner()).ifPresent(bytes -> look(ClassFile.of().parse(bytes), place,
            uses, left));
      }
    }
    return uses;
  }

  private static void look(ClassModel model, Place place, Uses uses, ArrayDeque<Place> left) {
    model.superclass().ifPresent(parent -> left.add(whole(parent.asInternalName(), place)));
    for (var method : model.methods()) {
      var name = method.methodName().stringValue();
      if (place.name().isEmpty()
          ? !name.equals(DO_IT)
          : name.equals(place.name()) && method.methodType().equalsString(place.type())) {
        look(method, uses, left);
      }
    }
  }

  /// A class from which it inherits: all of it, or the method of that name.
  private static Place whole(String owner, Place like) {
    return new Place(owner, like.name(), like.type());
  }

  private static void look(MethodModel method, Uses uses, ArrayDeque<Place> left) {
    method.code().ifPresent(code -> code.forEach(element -> {
      switch (element) {
        case FieldInstruction field when isVariable(field) -> {
          var variable = new Variable(field.owner().asInternalName(), field.name().stringValue());
          if (field.opcode() == Opcode.GETSTATIC) {
            uses.reads().add(variable);
          } else {
            uses.writes().add(variable);
          }
        }
        case InvokeInstruction call -> left.add(new Place(call.owner().asInternalName(),
            call.name().stringValue(), call.type().stringValue()));
        case NewObjectInstruction made -> left
            .add(new Place(made.className().asInternalName(), "", ""));
        case InvokeDynamicInstruction dynamic -> dynamic.bootstrapArgs().forEach(argument -> {
          if (argument instanceof DirectMethodHandleDesc handle) {
            var owner = handle.owner().descriptorString();
            left.add(new Place(owner.substring(1, owner.length() - 1), handle.methodName(),
                handle.lookupDescriptor()));
          }
        });
        default -> {
          // Uses nothing.
        }
      }
    }));
  }
}
