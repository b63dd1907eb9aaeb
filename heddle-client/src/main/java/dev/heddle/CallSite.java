package dev.heddle;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where in the program a task was submitted: the innermost frames that are not Heddle's.
///
/// A task that is submitted alone has a stack of its own, of which nothing is read until somebody asks: to take
/// it costs a third of finding out its lines. It takes some 700 bytes for as long as the future is held, so
/// that there is a bound; beyond it, as for a map, there is one object for all tasks that the same lines submit.
final class CallSite {
  /// What a stack of its own takes, of a program that is not deep in calls.
  private static final int OWN_BYTES = 700;
  /// A 32nd of the heap, at most.
  private static final long OWN_MAX = Runtime.getRuntime().maxMemory() / 32 / OWN_BYTES;
  /// With more calls on the stack, it costs more to take it than to walk its innermost frames.
  private static final int DEPTH_MAX = 96;
  private static final int DEPTHS_EACH = 1 << 12;
  private static final int FRAMES_MAX = 4;
  /// So many places are remembered; a program that has more is generated code, and told anew.
  private static final int SITES_MAX = 10_000;
  /// More frames than are nearly ever looked at, so that they are got at once.
  private static final int FRAMES_GUESSED = 16;
  private static final StackWalker WALKER = StackWalker
      .getInstance(Set.of(StackWalker.Option.RETAIN_CLASS_REFERENCE), FRAMES_GUESSED);
  private static final ConcurrentHashMap<Places, CallSite> SITES = new ConcurrentHashMap<>();

  /// The places of the frames, without the strings that their lines cost. The name of a class stands for it, so that
  /// no class is kept.
  private static final class Places implements Consumer<StackWalker.StackFrame> {
    private final @Nullable String[] names = new @Nullable String[2 * FRAMES_MAX];
    private final int[] at = new int[FRAMES_MAX];
    private int count;
    private int hash;

    static Places of(Stream<StackWalker.StackFrame> frames) {
      var places = new Places();
      var all = frames.spliterator();
      while (places.count < FRAMES_MAX && all.tryAdvance(places)) {
        // It takes them in itself.
      }
      return places;
    }

    @Override
    public void accept(StackWalker.StackFrame frame) {
      if (count == 0 && isOurs(frame)) {
        return;
      }
      var type = frame.getClassName();
      var method = frame.getMethodName();
      names[2 * count] = type;
      names[2 * count + 1] = method;
      at[count] = frame.getByteCodeIndex();
      hash = 31 * (31 * (31 * hash + type.hashCode()) + method.hashCode()) + at[count];
      count++;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Places places && hash == places.hash
          && Arrays.equals(at, places.at) && Arrays.equals(names, places.names);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  /// A stack of which nothing has been read.
  private static final class Stack extends Throwable {
    private static final long serialVersionUID = 1;

    Stack() {
      super(null, null, false, true);
    }
  }

  /// How deep the program was last time that it was looked at, and how often it was not since. Races lose a count.
  private static int depth;
  private static int uncounted;

  /// Null until somebody asks.
  private volatile StackTraceElement @Nullable [] frames;
  private final @Nullable Stack stack;

  private CallSite(StackTraceElement[] frames) {
    this.frames = frames;
    stack = null;
  }

  private CallSite(Stack stack) {
    this.stack = stack;
  }

  /// The place from which Heddle was called, for one task.
  ///
  /// @param held how many futures are held whose place [#isOwn]
  static CallSite ofOne(int held) {
    if (held >= OWN_MAX) {
      return here();
    }
    var stack = new Stack();
    if ((uncounted++ & (DEPTHS_EACH - 1)) == 0) {
      depth = stack.getStackTrace().length;
    }
    return depth > DEPTH_MAX ? here() : new CallSite(stack);
  }

  /// Whether no other task shares it.
  boolean isOwn() {
    return stack != null;
  }

  /// The place from which Heddle was called, one object for the same lines.
  static CallSite here() {
    var places = WALKER.walk(Places::of);
    var known = SITES.get(places);
    return known != null ? known : remember(places);
  }

  private static CallSite remember(Places places) {
    var elements = WALKER.walk(frames -> frames.dropWhile(CallSite::isOurs).limit(FRAMES_MAX)
        .map(StackWalker.StackFrame::toStackTraceElement).toArray(StackTraceElement[]::new));
    if (SITES.size() >= SITES_MAX) {
      SITES.clear();
    }
    return SITES.computeIfAbsent(places, _ -> new CallSite(elements));
  }

  /// Classes of this package that programs call, and those between them and here.
  private static boolean isOurs(StackWalker.StackFrame frame) {
    return OURS.get(frame.getDeclaringClass());
  }

  private static final ClassValue<Boolean> OURS = new ClassValue<>() {
    @Override
    protected Boolean computeValue(Class<?> type) {
      return type.getPackageName().startsWith("java.util")
          || (type.getPackageName().equals(CallSite.class.getPackageName())
              && type.getProtectionDomain().equals(CallSite.class.getProtectionDomain()));
    }
  };

  StackTraceElement[] frames() {
    return read().clone();
  }

  private StackTraceElement[] read() {
    var known = frames;
    if (known == null) {
      known = stack == null
          ? new StackTraceElement[0]
          : Arrays.stream(stack.getStackTrace()).dropWhile(CallSite::isOurs).limit(FRAMES_MAX)
              .toArray(StackTraceElement[]::new);
      frames = known;
    }
    return known;
  }

  private static boolean isOurs(StackTraceElement frame) {
    var name = frame.getClassName();
    return name.startsWith("java.util.")
        || (name.startsWith(CallSite.class.getPackageName() + ".") && isOurs(name));
  }

  /// Whether a class of that name is one of those.
  static boolean isOurs(String name) {
    try {
      return OURS.get(Class.forName(name, false, CallSite.class.getClassLoader()));
    } catch (ClassNotFoundException | LinkageError _) {
      return false;
    }
  }

  /// Whether it is the same lines.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CallSite place
        && (this == other || Arrays.equals(read(), place.read()));
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(read());
  }

  /// `Census.java:88 in Census.main`
  @Override
  public String toString() {
    var known = read();
    if (known.length == 0) {
      return "an unknown place";
    }
    var frame = known[0];
    var type = frame.getClassName();
    return frame.getFileName() + ":" + frame.getLineNumber() + " in "
        + type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethodName();
  }
}
