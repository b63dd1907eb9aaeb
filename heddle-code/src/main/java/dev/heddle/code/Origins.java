package dev.heddle.code;

import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.ContentHash;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The class loaders of this program and their code base ids. Holds no loader alive.
final class Origins {
  /// Every node in this JVM shares one, so that none of them loads a class a second time.
  static final Origins PROCESS = new Origins();

  /// A loader, equal to another reference to the same one, also when it is gone.
  private static final class Reference extends WeakReference<ClassLoader> {
    private final int hash;

    Reference(ClassLoader loader, ReferenceQueue<? super ClassLoader> gone) {
      super(loader, gone);
      this.hash = System.identityHashCode(loader);
    }

    @Override
    public boolean equals(Object other) {
      return this == other
          || (other instanceof Reference that && get() != null && that.refersTo(get()));
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  private final ReferenceQueue<ClassLoader> gone = new ReferenceQueue<>();
  private final ConcurrentHashMap<Reference, CodeBaseId> ids = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<CodeBaseId, OriginCode> codes = new ConcurrentHashMap<>();

  /// Held by each class itself, so that it goes with the class.
  private final ClassValue<Optional<CodeBaseId>> byClass = new ClassValue<>() {
    @Override
    protected Optional<CodeBaseId> computeValue(Class<?> type) {
      checkNamed(type);
      var loader = type.getClassLoader();
      return loader == null || Shared.contains(type)
          ? Optional.empty()
          : Optional.of(idOf(loader));
    }
  };

  private static void checkNamed(Class<?> type) {
    if (type.isHidden()) {
      throw new IllegalArgumentException("the class " + type.getName()
          + " is hidden: it was made at run time and has no name that another node could ask for; "
          + "send an object of a class that was compiled");
    }
  }

  /// As [CodeBases#codeBaseOf].
  Optional<CodeBaseId> idOf(Class<?> type) {
    return byClass.get(type);
  }

  /// The code base of a loader, which gets an id on its first use.
  CodeBaseId idOf(ClassLoader loader) {
    if (loader instanceof CodeBaseLoader remote) {
      return remote.id();
    }
    forgetGone();
    var reference = new Reference(loader, gone);
    var known = ids.get(reference);
    return known != null ? known : ids.computeIfAbsent(reference, _ -> register(loader));
  }

  private CodeBaseId register(ClassLoader loader) {
    var id = CodeBaseId.random();
    codes.put(id, new OriginCode(id, loader, this));
    return id;
  }

  private void forgetGone() {
    for (var reference = gone.poll(); reference != null; reference = gone.poll()) {
      var id = ids.remove(reference);
      if (id != null) {
        codes.remove(id);
      }
    }
  }

  /// A content that some loader of this program can read again.
  Optional<byte[]> reread(ContentHash hash) {
    return codes.values().stream().flatMap(code -> code.reread(hash).stream()).findFirst();
  }

  /// The live code of this program, if the id is one of its.
  Optional<OriginCode> code(CodeBaseId id) {
    return Optional.ofNullable(codes.get(id));
  }
}
