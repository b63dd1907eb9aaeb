package dev.heddle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Stacks as their reader wants them: of the program's lines none is missing, of Heddle's there is only
/// how many there were. `-Dheddle.fullStackTraces` leaves them as they are.
final class Frames {
  static final String FULL_PROPERTY = "heddle.fullStackTraces";

  /// What calls functions on a worker, and in a replay: all frames outside of it are Heddle's.
  private static final Set<String> CALLS = Set.of("dev.heddle.worker.Functions$Call",
      "dev.heddle.Replay");
  /// Of so many exceptions at most, causes and suppressed ones together, stacks are folded.
  private static final int FOLDED_MAX = 256;
  /// Of a stack that is longer than these together the middle is left out.
  private static final int INNERMOST = 48;
  private static final int OUTERMOST = 16;
  private static final String PACKAGE = "dev.heddle.";
  /// The loaders of the classes that came over the network are called so.
  private static final String LOADER = "heddle:";

  private Frames() {}

  /// Folds what a function threw, with all causes and suppressed exceptions.
  static void fold(Throwable thrown) {
    if (!isFull()) {
      fold(thrown, Collections.newSetFromMap(new IdentityHashMap<>()));
    }
  }

  private static void fold(@Nullable Throwable thrown, Set<Throwable> seen) {
    if (thrown == null || seen.size() == FOLDED_MAX || !seen.add(thrown)) {
      return;
    }
    try {
      thrown.setStackTrace(folded(thrown.getStackTrace()));
      fold(thrown.getCause(), seen);
    } catch (RuntimeException | Error _) {
      // These are the user's methods; a stack that cannot be folded is a long one.
    }
    for (var other : thrown.getSuppressed()) {
      fold(other, seen);
    }
  }

  /// The stack of a function without what called it there, and of a long one, as of a recursion without end,
  /// without its middle.
  static StackTraceElement[] folded(StackTraceElement[] stack) {
    var end = 0;
    while (end < stack.length && !CALLS.contains(stack[end].getClassName())) {
      end++;
    }
    var isWhole = end == stack.length;
    while (!isWhole && end > 0 && isAdapter(stack[end - 1].getClassName())) {
      end--;
    }
    var folded = new ArrayList<StackTraceElement>();
    var isLong = end > INNERMOST + OUTERMOST;
    for (var i = 0; i < end; i++) {
      if (isLong && i == INNERMOST) {
        folded.add(folded(end - INNERMOST - OUTERMOST));
        i = end - OUTERMOST;
      }
      folded.add(withoutLoader(stack[i]));
    }
    if (!isWhole) {
      folded.add(folded(stack.length - end));
    }
    return folded.toArray(StackTraceElement[]::new);
  }

  private static StackTraceElement folded(int frames) {
    return new StackTraceElement("dev.heddle", "folded",
        frames + " frames; -D" + FULL_PROPERTY + " shows them", -1);
  }

  /// Takes the way from the program's call to here out of an exception that is about to be thrown.
  static <E extends Throwable> E outside(E thrown) {
    var stack = thrown.getStackTrace();
    var begin = 0;
    while (begin < stack.length && isInside(stack[begin].getClassName())) {
      begin++;
    }
    if (begin < stack.length && !isFull()) {
      thrown.setStackTrace(Arrays.copyOfRange(stack, begin, stack.length));
    }
    return thrown;
  }

  private static boolean isFull() {
    var given = System.getProperty(FULL_PROPERTY);
    return given != null && !given.equals("false");
  }

  private static boolean isAdapter(String name) {
    return name.startsWith("dev.heddle.code.") || isOfThisPackage(name);
  }

  private static boolean isInside(String name) {
    return isAdapter(name) || name.startsWith("dev.heddle.worker.");
  }

  /// Whether it is a class of Heddle's, and not one that somebody put into its package.
  private static boolean isOfThisPackage(String name) {
    return name.startsWith(PACKAGE) && name.indexOf('.', PACKAGE.length()) < 0
        && CallSite.isOurs(name);
  }

  private static StackTraceElement withoutLoader(StackTraceElement frame) {
    var loader = frame.getClassLoaderName();
    return loader == null || !loader.startsWith(LOADER)
        ? frame
        : new StackTraceElement(frame.getClassName(), frame.getMethodName(), frame.getFileName(),
            frame.getLineNumber());
  }
}
