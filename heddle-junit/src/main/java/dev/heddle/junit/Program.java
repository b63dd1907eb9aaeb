package dev.heddle.junit;

import java.util.List;
import java.util.Set;

/// Tells lines of the program from those of Heddle, of JUnit and of the JDK.
final class Program {
  private static final String ROOT = "dev.heddle.";
  private static final Set<String> OURS = Set.of("process", "wire", "values", "code", "metadata",
      "metadata.redis", "worker", "scheduler", "cluster");

  private Program() {}

  /// The innermost line of the program, as in a stack trace.
  static String place(List<StackTraceElement> frames) {
    return frames.stream().filter(Program::isOfProgram).findFirst()
        .map(StackTraceElement::toString).orElse("a place that is not known");
  }

  static boolean isOfProgram(StackTraceElement frame) {
    var type = frame.getClassName();
    if (type.startsWith("java.") || type.startsWith("jdk.") || type.startsWith("sun.")
        || type.startsWith("org.junit.")) {
      return false;
    }
    var end = type.lastIndexOf('.');
    var name = end < 0 ? "" : type.substring(0, end);
    return !name.equals("dev.heddle")
        && (!name.startsWith(ROOT) || !OURS.contains(name.substring(ROOT.length())))
        && !(name.equals(Program.class.getPackageName()) && isOfThisJar(type));
  }

  /// Tests of this package are programs too.
  private static boolean isOfThisJar(String type) {
    try {
      return Class.forName(type, false, Program.class.getClassLoader()).getProtectionDomain()
          .equals(Program.class.getProtectionDomain());
    } catch (ClassNotFoundException | LinkageError _) {
      return false;
    }
  }
}
