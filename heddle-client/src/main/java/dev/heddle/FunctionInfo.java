package dev.heddle;

import dev.heddle.wire.ContentHash;
import java.io.IOException;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What can be told of a function by its class.
///
/// @param name for people: the method that a lambda is written in, or that a method reference names
/// @param stateless whether all objects of the class are the same function
/// @param code a hash of the class that has the function's code, where that is to be had
record FunctionInfo(String name, boolean stateless, Optional<ContentHash> code) {
  /// `lambda$main$0`, or `lambda$main$3f2a$1` if serializable.
  private static final Pattern LAMBDA = Pattern
      .compile("lambda\\$(.+?)\\$?(?:\\$[0-9a-f]+)?\\$\\d+");

  /// Something of Heddle's around a function of the program's.
  interface Wrapping {
    Object function();
  }

  private static final ClassValue<AtomicReference<@Nullable FunctionInfo>> KNOWN = new ClassValue<>() {
    @Override
    protected AtomicReference<@Nullable FunctionInfo> computeValue(Class<?> type) {
      return new AtomicReference<>();
    }
  };

  static FunctionInfo of(Object function) {
    if (function instanceof Wrapping wrapping) {
      var inner = of(wrapping.function());
      return new FunctionInfo(inner.name(), false, inner.code());
    }
    var known = KNOWN.get(function.getClass());
    var info = known.get();
    if (info == null) {
      info = look(function);
      known.set(info);
    }
    return info;
  }

  private static FunctionInfo look(Object function) {
    var type = function.getClass();
    if (!type.isHidden()) {
      return new FunctionInfo(simpleName(type.getName()), false, code(type, type.getName()));
    }
    var stateless = Arrays.stream(type.getDeclaredFields())
        .allMatch(field -> Modifier.isStatic(field.getModifiers()));
    return serialized(function)
        .map(lambda -> new FunctionInfo(name(lambda), stateless,
            code(type, lambda.getImplClass().replace('/', '.'))))
        .orElseGet(() -> new FunctionInfo(simpleName(type.getName()), stateless,
            Optional.empty()));
  }

  private static Optional<SerializedLambda> serialized(Object function) {
    try {
      var method = function.getClass().getDeclaredMethod("writeReplace");
      return method.trySetAccessible()
          && method.invoke(function) instanceof SerializedLambda lambda
              ? Optional.of(lambda)
              : Optional.empty();
    } catch (ReflectiveOperationException _) {
      // Then its class has to do for a name.
      return Optional.empty();
    }
  }

  private static String name(SerializedLambda lambda) {
    var method = lambda.getImplMethodName();
    var inside = LAMBDA.matcher(method);
    while (inside.matches()) {
      method = inside.group(1);
      inside = LAMBDA.matcher(method);
    }
    return switch (method) {
      case "<init>", "static", "new", "null" ->
        simpleName(lambda.getImplClass().replace('/', '.'));
      case "do_it", "do_it$Aux" -> "task"; // Typed in JShell.
      default -> method;
    };
  }

  /// `org.example.Main$Count` → `Count`
  private static String simpleName(String className) {
    var name = className.replaceAll("\\$\\$Lambda.*", "").replaceAll("(\\$\\d+)+$", "");
    return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
  }

  private static Optional<ContentHash> code(Class<?> type, String className) {
    var loader = type.getClassLoader();
    if (loader == null) {
      return Optional.empty();
    }
    try (var in = loader.getResourceAsStream(className.replace('.', '/') + ".class")) {
      return in == null ? Optional.empty() : Optional.of(ContentHash.of(in.readAllBytes()));
    } catch (IOException _) {
      // Its name has to do.
      return Optional.empty();
    }
  }
}
