package dev.heddle.code;

import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.ContentHash;
import dev.heddle.wire.ErrorCode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// The classes that a node knows: those of its own program, which it shows to others, and those of
/// other programs, which it loads from them and hands on. One for a whole node; any thread may use
/// it.
///
/// A foreign code base lives while somebody holds a [Use] of it: a connection, a stored value, a
/// running task. When the last one closes, its loader is let go, and unloaded with its last object.
public final class CodeBases {
  private final CodeLimits limits;
  private final Origins origins;
  private final LongSupplier nanos;
  private final BlobCache blobs;
  private final ConcurrentHashMap<CodeBaseId, Held> held = new ConcurrentHashMap<>();

  /// A foreign code base and how many hold it.
  private record Held(RemoteCode code, int uses) {}

  public CodeBases() {
    this(CodeLimits.DEFAULTS);
  }

  public CodeBases(CodeLimits limits) {
    this(limits, Origins.PROCESS, System::nanoTime);
  }

  CodeBases(CodeLimits limits, Origins origins, LongSupplier nanos) {
    this.limits = limits;
    this.origins = origins;
    this.nanos = nanos;
    this.blobs = new BlobCache(limits.cacheBytesMax());
  }

  /// The code base of a class, or empty for one that every node has: the JDK's and Heddle's own.
  ///
  /// @throws IllegalArgumentException
  ///           for a hidden class, which no other node could find by its name
  public Optional<CodeBaseId> codeBaseOf(Class<?> type) {
    return origins.idOf(type);
  }

  /// Finds a class without initializing it. What comes from a program in this JVM, is found in that
  /// program's own loader.
  ///
  /// @param codeBase
  ///          as [#codeBaseOf] gave it on the node that sent the name
  /// @param name
  ///          a binary name as [Class#getName] gives it
  /// @throws ClassNotFoundException
  ///           if it is nowhere, or nobody holds the code base; says where was looked
  /// @throws CodeUnavailableException
  ///           if it could not be had although it may exist
  public Class<?> load(Optional<CodeBaseId> codeBase, String name) throws ClassNotFoundException {
    return Class.forName(name, false,
        codeBase.isEmpty() ? SharedLoader.INSTANCE : loader(codeBase.get(), name));
  }

  private ClassLoader loader(CodeBaseId id, String name) throws ClassNotFoundException {
    var own = origins.code(id);
    if (own.isPresent()) {
      return own.get().loader().orElseThrow(() -> new ClassNotFoundException(
          ErrorCode.CLASS_MISSING.of(name + " was defined by a class loader of this program that is"
              + " gone (code base " + id + "); keep the loader while its objects are about")));
    }
    var foreign = held.get(id);
    if (foreign == null) {
      throw new ClassNotFoundException(ErrorCode.CLASS_MISSING.of(name
          + " is of code base " + id + ", which nobody holds here; whoever reads its values must"
          + " hold a use of it, and name the program that it comes from"));
    }
    return foreign.code().loader();
  }

  /// Keeps code bases until the use is closed.
  ///
  /// @param ids
  ///          those that a value or function names
  /// @param sources
  ///          who can be asked for their classes; none for somebody who only stores a value
  public Use use(Collection<CodeBaseId> ids, CodeSource... sources) {
    return new Use(this, ids, List.of(sources));
  }

  /// How many code bases of other programs are held.
  public int heldCount() {
    return held.size();
  }

  /// The live loader of a code base of this program.
  Optional<ClassLoader> ownLoader(CodeBaseId id) {
    return origins.code(id).flatMap(OriginCode::loader);
  }

  /// Whether it is of this program, so that what is not there is nowhere.
  public boolean isOwn(CodeBaseId id) {
    return origins.code(id).isPresent();
  }

  RemoteCode retain(CodeBaseId id) {
    return held.compute(id, (_, before) -> before == null
        ? new Held(new RemoteCode(id, this), 1)
        : new Held(before.code(), before.uses() + 1)).code();
  }

  void release(CodeBaseId id) {
    var dropped = new RemoteCode[1];
    held.computeIfPresent(id, (_, before) -> {
      if (before.uses() > 1) {
        return new Held(before.code(), before.uses() - 1);
      }
      dropped[0] = before.code();
      return null;
    });
    if (dropped[0] != null) {
      dropped[0].parents().drop();
    }
  }

  /// Answers another node that asks what is behind some names of a code base, as far as this node
  /// knows: [dev.heddle.wire.Message.AskContent].
  ///
  /// @return what was asked for and is here, then what will probably be asked next. A name
  ///         `heddle:<32 hexadecimal digits>/<name>` says that the code base of that id defines it;
  ///         `<name>#1`, `<name>#2` are further resources of one name
  public Map<String, ContentHash> find(CodeBaseId codeBase, List<String> names) {
    if (names.size() > CodeLimits.NAMES_MAX) {
      throw new IllegalArgumentException(names.size() + " names were asked for at once; at most "
          + CodeLimits.NAMES_MAX + " may be");
    }
    var own = origins.code(codeBase);
    if (own.isPresent()) {
      return Library.find(own.get(), codeBase, names, blobs);
    }
    var foreign = held.get(codeBase);
    return foreign == null ? Map.of() : Library.find(foreign.code(), codeBase, names, blobs);
  }

  /// A content that this node has: [dev.heddle.wire.Message.AskBlobs].
  public Optional<byte[]> blob(ContentHash hash) {
    return blobs.get(hash).or(() -> origins.reread(hash));
  }

  /// Those that this node has, in the order asked.
  public List<Optional<byte[]>> blobs(List<ContentHash> hashes) {
    return hashes.stream().map(this::blob).toList();
  }

  BlobCache blobs() {
    return blobs;
  }

  long nanos() {
    return nanos.getAsLong();
  }

  long retryNanos() {
    return limits.retry().toNanos();
  }

  boolean isFresh(long sinceNanos) {
    return nanos.getAsLong() - sinceNanos < limits.absence().toNanos();
  }
}
