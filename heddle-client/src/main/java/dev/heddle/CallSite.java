package dev.heddle;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Where in the program a task was submitted: the innermost frames that are not Heddle's. One object
/// for all tasks that are submitted by the same lines.
final class CallSite {
  private static final int FRAMES_MAX = 4;
  /// So many places are remembered; a program that has more is generated code, and told anew.
  private static final int SITES_MAX = 10_000;
  private static final StackWalker WALKER = StackWalker
      .getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
  private static final ConcurrentHashMap<List<Place>, CallSite> SITES = new ConcurrentHashMap<>();

  /// A frame, without the strings that its line costs. The name of its class stands for it, so that
  /// no class is kept.
  private record Place(String type, String method, int at) {
    static Place of(StackWalker.StackFrame frame) {
      return new Place(frame.getClassName(), frame.getMethodName(), frame.getByteCodeIndex());
    }
  }

  private final StackTraceElement[] frames;

  private CallSite(StackTraceElement[] frames) {
    this.frames = frames;
  }

  /// The place from which Heddle was called.
  static CallSite here() {
    var places = WALKER.walk(frames -> frames.dropWhile(CallSite::isOurs).limit(FRAMES_MAX)
        .map(Place::of).collect(Collectors.toUnmodifiableList()));
    var known = SITES.get(places);
    return known != null ? known : remember(places);
  }

  private static CallSite remember(List<Place> places) {
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
