package dev.heddle.values;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The variables that a lambda captured, by the names that they have in the source.
final class Captured {
  /// What compilers call the method of a lambda: by the method around it, and a number; a serializable
  /// one has a hash between.
  private static final Pattern LAMBDA = Pattern.compile("lambda\\$(.+?)(?:\\$[0-9a-f]+)?\\$\\d+");

  private Captured() {}

  /// @param loader
  ///          of the class whose lambda it is
  static void visit(SerializedLambda lambda, @Nullable ClassLoader loader,
      Inside.Visitor visitor) {
    var names = names(lambda, loader);
    for (var i = 0; i < lambda.getCapturedArgCount(); i++) {
      visitor.reach(lambda.getCapturedArg(i),
          where(lambda) + " captures " + (i < names.size() ? names.get(i) : "argument " + (i + 1)));
    }
  }

  /// `lambda in Census.main`, or `method reference Census::count`.
  private static String where(SerializedLambda lambda) {
    var type = lambda.getImplClass();
    type = type.substring(Math.max(type.lastIndexOf('/'), type.lastIndexOf('$')) + 1);
    var method = lambda.getImplMethodName();
    var lambdaIn = LAMBDA.matcher(method);
    return lambdaIn.matches()
        ? "lambda in " + type + "." + lambdaIn.group(1)
        : "method reference " + type + "::" + (method.equals("<init>") ? "new" : method);
  }

  /// As far as the class file says: it does if it was compiled with `-g`, as Maven and Gradle do.
  private static List<String> names(SerializedLambda lambda, @Nullable ClassLoader loader) {
    var names = new ArrayList<String>();
    if (lambda.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic
        && lambda.getCapturedArgCount() > 0) {
      names.add("this");
    }
    var code = classBytes(lambda, loader);
    if (code == null || !lambda.getImplMethodName().startsWith("lambda$")) {
      return names;
    }
    ClassFile.of().parse(code).methods().stream()
        .filter(method -> method.methodName().equalsString(lambda.getImplMethodName())
            && method.methodType().equalsString(lambda.getImplMethodSignature()))
        .findFirst().ifPresent(method -> addParameters(method, names));
    return names;
  }

  private static void addParameters(MethodModel method, List<String> names) {
    var table = method.findAttribute(Attributes.code())
        .flatMap(code -> code.findAttribute(Attributes.localVariableTable()));
    if (table.isEmpty()) {
      return;
    }
    var slot = names.size();
    for (var type : MethodTypeDesc.ofDescriptor(method.methodType().stringValue())
        .parameterList()) {
      var at = slot;
      names.add(table.get().localVariables().stream()
          .filter(variable -> variable.slot() == at && variable.startPc() == 0)
          .map(variable -> variable.name().stringValue()).findFirst()
          .orElse("argument " + (names.size() + 1)));
      slot += type.equals(ConstantDescs.CD_long) || type.equals(ConstantDescs.CD_double) ? 2 : 1;
    }
  }

  private static byte @Nullable [] classBytes(SerializedLambda lambda,
      @Nullable ClassLoader loader) {
    var name = lambda.getImplClass() + ".class";
    try (var in = loader == null ? null : loader.getResourceAsStream(name)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException _) {
      return null;
    }
  }
}
