package dev.heddle.values;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Estimates how much memory one value takes, looking at a bounded sample of what is inside it.
final class Sizes {
  /// The most objects that one estimate looks at.
  static final int OBJECTS_MAX = 1_000;
  /// So many of a collection's items are looked at; the others are taken to be alike.
  private static final int SAMPLE = 64;
  private static final int DEPTH_MAX = 32;
  /// Longer strings are taken for what their beginning is.
  private static final int TEXT_SCAN_MAX = 1 << 20;

  private static final int HEADER = 16;
  private static final int REFERENCE = 4;
  /// What a hash table spends on an entry: the node, its place in the table.
  private static final int MAP_ENTRY = 48;

  /// Bytes of the fields of an instance, and those of them that refer to objects.
  private record Layout(long bytes, List<Field> references) {}

  private static final ClassValue<Layout> LAYOUTS = new ClassValue<>() {
    @Override
    protected Layout computeValue(Class<?> type) {
      return layout(type);
    }
  };

  private final IdentityHashMap<Object, Boolean> seen = new IdentityHashMap<>();

  private Sizes() {}

  static long sizeOf(@Nullable Object value) {
    if (value == null) {
      return 0;
    }
    var leaf = leaf(value);
    return leaf >= 0 ? leaf : new Sizes().of(value, 0);
  }

  private long of(@Nullable Object value, int depth) {
    if (value == null) {
      return 0;
    }
    var leaf = leaf(value);
    if (leaf >= 0) {
      return leaf;
    }
    if (depth > DEPTH_MAX || seen.size() >= OBJECTS_MAX || seen.put(value, true) != null) {
      return HEADER;
    }
    return switch (value) {
      case Object[] array -> HEADER + (long) array.length * REFERENCE + array(array, depth);
      case Collection<?> items when isJdk(value) ->
        HEADER + sampled(items.iterator(), items.size(), depth, 2 * REFERENCE);
      case Map<?, ?> map when isJdk(value) ->
        HEADER + sampled(map.entrySet().iterator(), map.size(), depth, MAP_ENTRY);
      case Map.Entry<?, ?> entry when isJdk(value) ->
        of(entry.getKey(), depth + 1) + of(entry.getValue(), depth + 1);
      case Optional<?> optional -> HEADER + of(optional.orElse(null), depth + 1);
      default -> fields(value, depth);
    };
  }

  private static boolean isJdk(Object value) {
    return SerialFilter.isJdk(value.getClass());
  }

  /// The size of something without references, or -1.
  private static long leaf(Object value) {
    return switch (value) {
      case String s -> 40 + text(s);
      case Buffer b -> 64 + (long) b.capacity() * elementBytes(b);
      case MemorySegment s -> 48 + s.byteSize();
      case Number _,Boolean _,Character _ when isJdk(value) -> 16;
      case Class<?> _,Enum<?> _ -> 0;
      case Object o when o.getClass().isArray() && o.getClass().componentType().isPrimitive() ->
        HEADER + (long) Array.getLength(o) * bytes(o.getClass().componentType());
      default -> -1;
    };
  }

  private static long text(String text) {
    var scan = Math.min(text.length(), TEXT_SCAN_MAX);
    for (var i = 0; i < scan; i++) {
      if (text.charAt(i) > 0xFF) {
        return 2L * text.length();
      }
    }
    return text.length();
  }

  private static int elementBytes(Buffer buffer) {
    return switch (buffer) {
      case ByteBuffer _ -> 1;
      case ShortBuffer _,CharBuffer _ -> 2;
      case IntBuffer _,FloatBuffer _ -> 4;
      default -> 8;
    };
  }

  private static int bytes(Class<?> type) {
    if (!type.isPrimitive()) {
      return REFERENCE;
    }
    if (type == long.class || type == double.class) {
      return 8;
    }
    if (type == int.class || type == float.class) {
      return 4;
    }
    return type == short.class || type == char.class ? 2 : 1;
  }

  private long array(@Nullable Object[] array, int depth) {
    if (array.length == 0) {
      return 0;
    }
    var sample = Math.min(array.length, SAMPLE);
    var stride = array.length / sample;
    var sum = 0L;
    for (var i = 0; i < sample; i++) {
      sum += of(array[i * stride], depth + 1);
    }
    return (long) ((double) sum / sample * array.length);
  }

  private long sampled(Iterator<?> items, int size, int depth, int overhead) {
    var looked = 0;
    var sum = 0L;
    try {
      while (looked < SAMPLE && items.hasNext()) {
        sum += of(items.next(), depth + 1);
        looked++;
      }
    } catch (RuntimeException _) {
      // Somebody changes it meanwhile: what was seen so far must do.
      looked = Math.max(looked, 1);
    }
    return (long) size * overhead
        + (looked == 0 ? 0 : (long) ((double) sum / looked * Math.max(size, looked)));
  }

  private long fields(Object value, int depth) {
    var layout = LAYOUTS.get(value.getClass());
    var sum = HEADER + layout.bytes();
    for (var field : layout.references()) {
      try {
        sum += of(field.get(value), depth + 1);
      } catch (IllegalAccessException e) {
        throw new AssertionError(field + " was opened", e);
      }
    }
    return sum;
  }

  private static Layout layout(Class<?> type) {
    var bytes = 0L;
    var references = new ArrayList<Field>();
    for (var at = type; at != null; at = at.getSuperclass()) {
      for (var field : at.getDeclaredFields()) {
        if (Modifier.isStatic(field.getModifiers())) {
          continue;
        }
        bytes += bytes(field.getType());
        if (!field.getType().isPrimitive() && field.trySetAccessible()) {
          references.add(field);
        }
      }
    }
    return new Layout(bytes, List.copyOf(references));
  }
}
