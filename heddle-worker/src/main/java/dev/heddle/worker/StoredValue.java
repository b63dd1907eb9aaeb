package dev.heddle.worker;

import dev.heddle.values.ClassResolver;
import dev.heddle.values.Values;
import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.Payload;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A value as this worker holds it: the object that a function made, or the bytes in which it came,
/// until somebody here needs the object; never both for long.
///
/// Safe for any number of threads: the object is decoded under the lock, once.
final class StoredValue implements Value {
  /// For values without any class of a program's.
  private static final Values LEAVES = new Values(
      ClassResolver.of(_ -> Optional.empty(), (_, name) -> {
        throw new ClassNotFoundException(name + " is asked for by a value that has no classes");
      }));

  private final Set<CodeBaseId> codeBases;
  private final long sizeBytes;
  /// Not read: it keeps the classes.
  @SuppressWarnings("UnusedVariable")
  private final Object hold;
  /// Written under the lock, null once there is the object.
  private volatile @Nullable Payload payload;
  /// Written under the lock, before the payload goes.
  private volatile @Nullable Object object;

  private StoredValue(@Nullable Object object, @Nullable Payload payload, long sizeBytes,
      Set<CodeBaseId> codeBases, Object hold) {
    this.object = object;
    this.payload = payload;
    this.sizeBytes = sizeBytes;
    this.codeBases = codeBases;
    this.hold = hold;
  }

  /// @param codeBases those that its classes may come from
  /// @param hold what keeps them
  static StoredValue made(@Nullable Object object, long sizeBytes, Set<CodeBaseId> codeBases,
      Object hold) {
    return new StoredValue(object, null, sizeBytes, Set.copyOf(codeBases), hold);
  }

  static StoredValue received(Payload payload, NodeCode code) {
    return new StoredValue(null, payload, payload.sizeBytes(), Set.copyOf(payload.codeBases()),
        code.hold(payload.codeBases()));
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public synchronized String type() {
    if (payload != null) {
      return "not decoded yet";
    }
    var made = object;
    return made == null ? "null" : made.getClass().getName();
  }

  @Override
  public Optional<Payload> small() {
    var known = payload;
    if (known == null) {
      var made = object;
      if (sizeBytes > Functions.PROBABLY_SMALL_BYTES_MAX || !Functions.isOfJdkAlone(made)) {
        return Optional.empty();
      }
      known = LEAVES.encode(made);
    }
    return Functions.ifSmall(known);
  }

  /// The bodies of classes that must stay loaded for as long as this is held.
  Set<CodeBaseId> codeBases() {
    return codeBases;
  }

  /// The object, for a function of `codeBase`.
  ///
  /// A value whose classes come from another body of classes than the function's is made anew from
  /// the function's, since a class of the same name from another loader is another class.
  @Nullable
  Object objectFor(Set<CodeBaseId> functionsCodeBases, NodeCode code) {
    if (codeBases.isEmpty() || functionsCodeBases.containsAll(codeBases)) {
      return object(code);
    }
    return code.values(functionsCodeBases).decode(encoded(code));
  }

  private synchronized @Nullable Object object(NodeCode code) {
    var encoded = payload;
    if (encoded != null) {
      object = code.values().decode(encoded);
      payload = null;
    }
    return object;
  }

  /// The value as it travels.
  ///
  /// @throws dev.heddle.values.UnserializableValueException if it cannot
  Payload encoded(NodeCode code) {
    var encoded = payload;
    return encoded == null ? code.values().encode(object) : encoded;
  }
}
