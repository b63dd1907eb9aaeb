package dev.heddle.values;

import java.io.Externalizable;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// What serialization finds inside an object: fields of users' classes, and of the JDK's classes,
/// whose fields are closed to us, what their public methods show.
final class Inside {
  /// Is told of each object that is directly inside another.
  interface Visitor {
    /// @param step
    ///          how one gets there: `Census.words`, `[3]`
    void reach(@Nullable Object inner, String step);
  }

  private Inside() {}

  /// @return false if `object` itself cannot be serialized
  static boolean visit(Object object, Visitor visitor) {
    switch (object) {
      case String _,Class<?> _,Enum<?> _,ByteBuffer _,MemorySegment _,Externalizable _ -> {
      }
      case Object[] array -> items(array, visitor);
      case Object array when array.getClass().isArray() -> {
      }
      case Serializable _ -> serializable(object, visitor);
      default -> {
        return standIn(object, visitor);
      }
    }
    return true;
  }

  private static void items(@Nullable Object[] array, Visitor visitor) {
    for (var i = 0; i < array.length; i++) {
      visitor.reach(array[i], "[" + i + "]");
    }
  }

  private static boolean standIn(Object object, Visitor visitor) {
    var standIn = StandIn.of(object);
    if (standIn.isEmpty()) {
      return false;
    }
    switch (standIn.get()) {
      case StandIn.OfEntry(var key, var content) -> {
        visitor.reach(key, ".key");
        visitor.reach(content, ".value");
      }
      case StandIn.OfRecord(var type, var components) -> {
        var declared = type.getRecordComponents();
        for (var i = 0; i < declared.length; i++) {
          visitor.reach(components[i], simpleName(type) + "." + declared[i].getName());
        }
      }
      case StandIn.OfOptional(_, var content) -> visitor.reach(content, ".get()");
      case StandIn.OfPart _,StandIn.OfPath _ -> {
      }
    }
    return true;
  }

  private static void serializable(Object object, Visitor visitor) {
    var replacement = replacement(object);
    if (replacement.isPresent()) {
      visitor.reach(replacement.get(), "");
      return;
    }
    if (Proxy.isProxyClass(object.getClass())) {
      visitor.reach(Proxy.getInvocationHandler(object), "proxy's handler");
      return;
    }
    for (Class<?> at = object.getClass(); at != null; at = at.getSuperclass()) {
      if (SerialFilter.isJdk(at)) {
        view(object, visitor);
        return;
      }
      if (Serializable.class.isAssignableFrom(at)) {
        fields(object, at, visitor);
      }
    }
  }

  /// What the object's own `writeReplace` gives: for a lambda, its captured values.
  private static Optional<Object> replacement(Object object) {
    if (SerialFilter.isJdk(object.getClass())) {
      return Optional.empty();
    }
    try {
      var method = object.getClass().getDeclaredMethod("writeReplace");
      return method.trySetAccessible()
          ? Optional.ofNullable(method.invoke(object))
              .filter(other -> other.getClass() != object.getClass())
          : Optional.empty();
    } catch (ReflectiveOperationException _) {
      // There is none, or it throws, which the stream has reported before.
      return Optional.empty();
    }
  }

  private static void fields(Object object, Class<?> type, Visitor visitor) {
    for (var field : type.getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isTransient(field.getModifiers())
          && !field.getType().isPrimitive() && field.trySetAccessible()) {
        visitor.reach(content(field, object), simpleName(type) + "." + field.getName());
      }
    }
  }

  private static @Nullable Object content(Field field, Object object) {
    try {
      return field.get(object);
    } catch (IllegalAccessException e) {
      throw new AssertionError(field + " was opened", e);
    }
  }

  private static void view(Object object, Visitor visitor) {
    try {
      switch (object) {
        case Collection<?> items -> collection(items, visitor);
        case Map<?, ?> map -> map(map, visitor);
        case AtomicReference<?> reference -> visitor.reach(reference.get(), ".get()");
        case AtomicReferenceArray<?> array -> {
          for (var i = 0; i < array.length(); i++) {
            visitor.reach(array.get(i), "[" + i + "]");
          }
        }
        case Map.Entry<?, ?> entry -> {
          visitor.reach(entry.getKey(), ".key");
          visitor.reach(entry.getValue(), ".value");
        }
        case Throwable failure -> {
          visitor.reach(failure.getCause(), simpleName(failure.getClass()) + ".cause");
          items(failure.getSuppressed(), visitor);
        }
        default -> {
        }
      }
    } catch (RuntimeException _) {
      // Changed by another thread meanwhile, or a collection that does not let itself be read: what
      // was reached so far must do.
      return;
    }
  }

  private static void collection(Collection<?> items, Visitor visitor) {
    if (items instanceof SortedSet<?> set) {
      visitor.reach(set.comparator(), ".comparator()");
    }
    if (items instanceof PriorityQueue<?> queue) {
      visitor.reach(queue.comparator(), ".comparator()");
    }
    var i = 0;
    for (var item : items) {
      visitor.reach(item, "[" + i++ + "]");
    }
  }

  private static void map(Map<?, ?> map, Visitor visitor) {
    if (map instanceof SortedMap<?, ?> sorted) {
      visitor.reach(sorted.comparator(), ".comparator()");
    }
    map.forEach((key, value) -> {
      visitor.reach(key, ".key");
      visitor.reach(value, switch (key) {
        case String s when s.length() <= 40 -> "[\"" + s + "\"]";
        case Number n -> "[" + n + "]";
        case Enum<?> e -> "[" + e.name() + "]";
        case null, default -> ".value";
      });
    });
  }

  static String simpleName(Class<?> type) {
    var name = type.getName();
    return type.isAnonymousClass()
        ? name.substring(name.lastIndexOf('.') + 1)
        : type.getSimpleName();
  }
}
