package dev.heddle.values;

import dev.heddle.wire.Bulk;
import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.Payload;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A resolver for classes that both sides have, and a wire that copies every byte.
final class Fixtures {
  static final CodeBaseId HERE = new CodeBaseId(1, 2);

  static final ClassResolver CLASSES = ClassResolver.of(
      type -> SerialFilter.isJdk(type) || StandIn.class.isAssignableFrom(type)
          ? Optional.empty()
          : Optional.of(HERE),
      (codeBase, name) -> {
        if (codeBase.isPresent() && !codeBase.get().equals(HERE)) {
          throw new ClassNotFoundException(name + " of unknown code base " + codeBase.get());
        }
        return Class.forName(name, false, Fixtures.class.getClassLoader());
      });

  static final Values VALUES = new Values(CLASSES, ValueLimits.defaults(), List.of());

  private Fixtures() {}

  /// What arrives where nothing is shared with the sender.
  static Payload copy(Payload payload) {
    var buffers = payload.buffers().stream().map(buffer -> {
      var copy = buffer.kind().allocate(buffer.sizeBytes());
      copy.segment().copyFrom(buffer.segment());
      return copy;
    }).toList();
    return new Payload(payload.codec(), payload.codeBases(), payload.header().clone(), buffers);
  }

  static @Nullable Object roundTrip(@Nullable Object value) {
    return VALUES.decode(copy(VALUES.encode(value)));
  }

  /// What arrives of `value`.
  static <T> T sent(Object value, Class<T> type) {
    return decoded(copy(VALUES.encode(value)), type);
  }

  static <T> T decoded(Payload payload, Class<T> type) {
    return type.cast(Objects.requireNonNull(VALUES.decode(payload), "null came"));
  }

  static long bulkBytes(Payload payload) {
    return payload.buffers().stream().mapToLong(Bulk::sizeBytes).sum();
  }
}
