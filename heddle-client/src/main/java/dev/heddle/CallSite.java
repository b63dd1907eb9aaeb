package dev.heddle;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where in the program a task was submitted: the innermost frames that are not Heddle's. One object
/// for all tasks that are submitted by the same lines.
final class CallSite {
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

  private final StackTraceElement[] frames;

  private CallSite(StackTraceElement[] frames) {
    this.frames = frames;
  }

  /// The place from which Heddle was called.
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

  /// Whether it is one of those classes.
  static boolean isOurs(Class<?> type) {
    return OURS.get(type);
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
    return frames.clone();
  }

  /// `Census.java:88 in Census.main`
  @Override
  public String toString() {
    if (frames.length == 0) {
      return "an unknown place";
    }
    var frame = frames[0];
    var type = frame.getClassName();
    return frame.getFileName() + ":" + frame.getLineNumber() + " in "
        + type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethodName();
  }
}
