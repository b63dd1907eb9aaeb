package dev.heddle.worker;

import dev.heddle.values.ClassResolver;
import dev.heddle.values.Values;
import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.Payload;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A value as this worker holds it: the object that a function made, or the bytes in which it came,
/// until somebody here needs the object; never both for long. Or neither, while it is on disk alone.
///
/// Safe for any number of threads: the object is decoded under the lock, once.
final class StoredValue implements Value {
  /// For values without any class of a program's.
  private static final Values LEAVES = new Values(
      ClassResolver.of(_ -> Optional.empty(), (_, name) -> {
        throw new ClassNotFoundException(name + " is asked for by a value that has no classes");
      }));

  /// Smaller ones are taken for what they are as they travel.
  private static final long MEASURED_BYTES = 512;

  private final Set<CodeBaseId> codeBases;
  private final long sizeBytes;
  /// Not read: it keeps the classes.
  @SuppressWarnings("UnusedVariable")
  private final Object hold;
  /// Written under the lock, null once there is the object.
  private volatile @Nullable Payload payload;
  /// Where it was put for workers of this host; it may be gone from there.
  private volatile @Nullable SharedCopy sharedCopy;
  /// Written under the lock, before the payload goes.
  private volatile @Nullable Object object;
  /// Written under the lock.
  private volatile boolean inMemory = true;
  private volatile long memoryBytes;
  // Guarded by the lock.
  private @Nullable Spilled spilled;
  /// What is known of the type of what is on disk.
  private String typeOnDisk = "";

  private StoredValue(@Nullable Object object, @Nullable Payload payload, long sizeBytes,
      Set<CodeBaseId> codeBases, Object hold) {
    this.object = object;
    this.payload = payload;
    this.sizeBytes = sizeBytes;
    this.memoryBytes = sizeBytes;
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
  public long memoryBytes() {
    return memoryBytes;
  }

  @Override
  public synchronized String type() {
    if (!inMemory) {
      return typeOnDisk;
    }
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
      if (!inMemory) {
        return Optional.empty();
      }
      var made = object;
      if (sizeBytes > Functions.PROBABLY_SMALL_BYTES_MAX || !Functions.isOfJdkAlone(made)) {
        return Optional.empty();
      }
      known = LEAVES.encode(made);
    }
    return Functions.ifSmall(known);
  }

  /// As it travels, if that takes no work.
  Optional<Payload> ready() {
    var known = payload;
    return known == null ? small() : Optional.of(known);
  }

  Optional<SharedCopy> sharedCopy() {
    return Optional.ofNullable(sharedCopy);
  }

  void setSharedCopy(SharedCopy copy) {
    sharedCopy = copy;
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
    load();
    var encoded = payload;
    if (encoded != null) {
      object = code.values().decode(encoded);
      payload = null;
      if (sizeBytes >= MEASURED_BYTES) {
        memoryBytes = Math.max(sizeBytes, Values.sizeOf(object));
      }
    }
    return object;
  }

  /// The value as it travels.
  ///
  /// @throws dev.heddle.values.UnserializableValueException if it cannot
  /// @throws LostValueException if it was on disk and cannot be read
  Payload encoded(NodeCode code) {
    Payload encoded;
    Object made;
    synchronized (this) {
      if (!inMemory) {
        return read();
      }
      encoded = payload;
      made = object;
    }
    return encoded == null ? code.values().encode(made) : encoded;
  }

  // --- on disk

  /// Brings it into memory, if it is not there.
  ///
  /// @throws LostValueException if it cannot be read
  void load() {
    if (!inMemory) {
      synchronized (this) {
        if (!inMemory) {
          payload = read();
          inMemory = true;
        }
      }
    }
  }

  private synchronized Payload read() {
    var file = spilled;
    if (file == null) {
      throw new LostValueException("it was deleted", null);
    }
    try {
      return file.read();
    } catch (SpillException e) {
      throw new LostValueException(String.valueOf(e.getMessage()), e);
    }
  }

  /// It is on disk, too.
  ///
  /// @param encodedBytes of it as it travels: what it takes at least
  synchronized void spilled(Spilled file, long encodedBytes) {
    spilled = file;
    memoryBytes = Math.max(memoryBytes, encodedBytes);
  }

  /// Lets it go from memory, if it is on disk.
  synchronized void letGo() {
    if (spilled != null && inMemory) {
      typeOnDisk = type();
      object = null;
      payload = null;
      inMemory = false;
    }
  }

  /// Nobody needs what is on disk.
  ///
  /// @return what is to be deleted
  synchronized Optional<Spilled.Deletion> forget() {
    var file = spilled;
    spilled = null;
    return file == null ? Optional.empty() : file.forget();
  }
}
