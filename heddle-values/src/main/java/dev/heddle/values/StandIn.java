package dev.heddle.values;

import dev.heddle.wire.Bulk;
import java.io.InvalidObjectException;
import java.io.Serializable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What is written to the stream in place of a value that is not serializable, or is better off
/// beside the stream.
sealed interface StandIn extends Serializable {
  /// Bytes beside the stream.
  record OfPart(int buffer, byte form) implements StandIn {
    @Override
    public Object value(List<Bulk> buffers) throws InvalidObjectException {
      if (buffer < 0 || buffer >= buffers.size()) {
        throw new InvalidObjectException("the header refers to buffer " + buffer + ", but "
            + buffers.size() + " came");
      }
      return new Part(Part.Form.of(form), buffers.get(buffer)).value();
    }
  }

  /// An `Optional`, `OptionalInt`, `OptionalLong` or `OptionalDouble`.
  record OfOptional(char kind, @Nullable Object content) implements StandIn {
    @Override
    public Object value(List<Bulk> buffers) throws InvalidObjectException {
      return switch (kind) {
        case 'O' -> Optional.ofNullable(content);
        case 'I' -> content instanceof Integer n ? OptionalInt.of(n) : OptionalInt.empty();
        case 'L' -> content instanceof Long n ? OptionalLong.of(n) : OptionalLong.empty();
        case 'D' -> content instanceof Double n ? OptionalDouble.of(n) : OptionalDouble.empty();
        default -> throw new InvalidObjectException("an Optional of unknown kind " + kind);
      };
    }
  }

  /// A `Map.Entry` of a map, or of `Map.entry`.
  record OfEntry(@Nullable Object key, @Nullable Object content) implements StandIn {
    @Override
    public Object value(List<Bulk> buffers) {
      return key == null || content == null
          ? new AbstractMap.SimpleImmutableEntry<>(key, content)
          : Map.entry(key, content);
    }
  }

  /// A `Path` of the default file system.
  record OfPath(String text) implements StandIn {
    @Override
    public Object value(List<Bulk> buffers) {
      return Path.of(text);
    }
  }

  /// A record whose class does not say that it is serializable.
  // Written once and read once; nobody else sees the array.
  @SuppressWarnings("ArrayRecordComponent")
  record OfRecord(Class<?> type, @Nullable Object[] components) implements StandIn {
    @Override
    public Object value(List<Bulk> buffers) throws InvalidObjectException {
      var declared = type.isRecord() ? type.getRecordComponents() : new RecordComponent[0];
      if (!type.isRecord() || declared.length != components.length) {
        throw new InvalidObjectException("the record " + type.getName() + " has "
            + declared.length + " components here and " + components.length
            + " where it was made; both sides need the same class");
      }
      var types = Arrays.stream(declared).map(RecordComponent::getType).toArray(Class<?>[]::new);
      try {
        var constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return constructor.newInstance(components);
      } catch (InvocationTargetException e) {
        throw new InvalidObjectException("the constructor of record " + type.getName()
            + " refused what came: " + e.getCause(), e);
      } catch (ReflectiveOperationException | RuntimeException e) {
        throw new InvalidObjectException("no " + type.getName() + " can be made: " + e, e);
      }
    }
  }

  /// The value that it stands for.
  Object value(List<Bulk> buffers) throws InvalidObjectException;

  /// What stands in for `value`, or empty if it can go as it is (or not at all).
  ///
  /// @throws UnserializableValueException
  ///           if an accessor of a record throws
  static Optional<StandIn> of(Object value) {
    return Optional.ofNullable(switch (value) {
      case Serializable _ -> null;
      case Optional<?> o -> new OfOptional('O', o.orElse(null));
      case OptionalInt o -> new OfOptional('I', o.isPresent() ? o.getAsInt() : null);
      case OptionalLong o -> new OfOptional('L', o.isPresent() ? o.getAsLong() : null);
      case OptionalDouble o -> new OfOptional('D', o.isPresent() ? o.getAsDouble() : null);
      case Map.Entry<?, ?> e when e.getClass().getClassLoader() == null ->
        new OfEntry(e.getKey(), e.getValue());
      case Path p when p.getFileSystem().equals(FileSystems.getDefault()) ->
        new OfPath(p.toString());
      case Record r -> ofRecord(r);
      default -> null;
    });
  }

  private static @Nullable StandIn ofRecord(Record value) {
    var declared = value.getClass().getRecordComponents();
    var components = new @Nullable Object[declared.length];
    for (var i = 0; i < declared.length; i++) {
      var accessor = declared[i].getAccessor();
      if (!accessor.trySetAccessible()) {
        return null;
      }
      try {
        components[i] = accessor.invoke(value);
      } catch (InvocationTargetException e) {
        throw new UnserializableValueException("the accessor " + value.getClass().getSimpleName()
            + "." + accessor.getName() + "() threw " + e.getCause()
            + " while the record was being sent; see the cause", e);
      } catch (IllegalAccessException e) {
        return null;
      }
    }
    return new OfRecord(value.getClass(), components);
  }
}
