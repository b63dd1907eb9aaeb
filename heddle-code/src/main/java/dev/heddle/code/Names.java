package dev.heddle.code;

import dev.heddle.wire.CodeBaseId;
import java.util.Optional;
import java.util.regex.Pattern;

/// The names by which classes and resources are asked for.
///
/// A name in an answer may say that another code base owns it, `heddle:<id in hexadecimal>/<name>`:
/// class loaders have parents, and a class must be defined once, by the one that has it.
final class Names {
  private static final String OWNED = "heddle:";
  private static final String CLASS = ".class";
  private static final Pattern NUMBER = Pattern.compile("#[1-9][0-9]{0,3}$");
  private static final int HEX = 32;

  /// A name as it stands in an answer.
  ///
  /// @param owner
  ///          the code base that has it, where that is not the one asked about
  record Answered(Optional<CodeBaseId> owner, String name) {}

  private Names() {}

  /// `org.example.Census` → `org/example/Census.class`
  static String resource(String className) {
    return className.replace('.', '/') + CLASS;
  }

  static boolean isClass(String resource) {
    return resource.endsWith(CLASS);
  }

  /// `org/example/Census.class` → `org.example.Census`
  static String className(String resource) {
    return resource.substring(0, resource.length() - CLASS.length()).replace('/', '.');
  }

  static String packageOf(String className) {
    var dot = className.lastIndexOf('.');
    return dot < 0 ? "" : className.substring(0, dot);
  }

  /// The second and further resources of one name, as `META-INF/services` has them.
  static String numbered(String resource, int number) {
    return number == 0 ? resource : resource + "#" + number;
  }

  /// 0 for the first.
  static int numberOf(String resource) {
    var digits = resource.length() - withoutNumber(resource).length() - 1;
    return digits < 1 ? 0 : Integer.parseInt(resource.substring(resource.length() - digits));
  }

  static String withoutNumber(String resource) {
    return NUMBER.matcher(resource).replaceFirst("");
  }

  static String owned(CodeBaseId owner, String name) {
    return "%s%016x%016x/%s".formatted(OWNED, owner.high(), owner.low(), name);
  }

  /// Whether a loader may be asked for it: no way out of its directories.
  static boolean isSound(String name) {
    return !name.isEmpty() && !name.startsWith("/") && !name.contains("..")
        && !name.contains("\\") && !name.startsWith(OWNED);
  }

  /// @throws IllegalArgumentException
  ///           if it claims an owner and does not name one
  static Answered answered(String text) {
    if (!text.startsWith(OWNED)) {
      return new Answered(Optional.empty(), text);
    }
    var slash = OWNED.length() + HEX;
    if (text.length() <= slash || text.charAt(slash) != '/') {
      throw new IllegalArgumentException("the answer has a name that cannot be read: " + text);
    }
    var high = Long.parseUnsignedLong(text, OWNED.length(), OWNED.length() + HEX / 2, 16);
    var low = Long.parseUnsignedLong(text, OWNED.length() + HEX / 2, slash, 16);
    return new Answered(Optional.of(new CodeBaseId(high, low)), text.substring(slash + 1));
  }
}
