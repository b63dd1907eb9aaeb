package dev.heddle.values;

import java.io.ObjectInputFilter;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides, for one value that is being read, whether each class and size is acceptable, and
/// remembers why not.
///
/// A class is accepted if the user's patterns say so, else if it is the user's own or one of the
/// JDK's packages of plain values; the JDK's remote, management and internal classes are not.
final class SerialFilter implements ObjectInputFilter {
  /// A hash table is at most so many times larger than the bytes of what is in it.
  private static final int TABLE_FACTOR = 8;

  /// Packages of the JDK whose classes are values.
  private static final Set<String> PACKAGES = Set.of("java.lang", "java.math", "java.util",
      "java.util.concurrent", "java.util.concurrent.atomic", "java.util.concurrent.locks",
      "java.util.function", "java.util.regex", "java.time", "java.time.chrono", "java.time.format",
      "java.time.temporal", "java.time.zone", "java.text", "java.sql", "java.nio.charset",
      "java.lang.constant");
  private static final Set<String> CLASSES = Set.of("java.io.File", "java.io.Serializable",
      "java.io.Externalizable", "java.lang.invoke.SerializedLambda", "java.lang.reflect.Proxy",
      "java.lang.reflect.InvocationHandler", "java.net.URI", "java.net.URL",
      "java.net.InetAddress", "java.net.Inet4Address", "java.net.Inet6Address",
      "java.net.InetSocketAddress", "sun.util.calendar.ZoneInfo", "java.nio.file.Path",
      "java.lang.foreign.MemorySegment", "java.nio.ByteBuffer");
  private static final List<String> EXCEPTIONS_REFUSED = List.of("java.rmi.", "javax.management.",
      "javax.naming.", "com.sun.", "sun.", "jdk.internal.");

  private final ValueLimits limits;
  private final int headerBytes;
  private final @Nullable ObjectInputFilter patterns;
  private @Nullable String refusal;
  private @Nullable Class<?> accepted;

  SerialFilter(ValueLimits limits, int headerBytes) {
    this.limits = limits;
    this.headerBytes = headerBytes;
    this.patterns = limits.classFilter().isBlank()
        ? null
        : ObjectInputFilter.Config.createFilter(limits.classFilter());
  }

  /// Why the value was refused, if it was.
  Optional<String> refusal() {
    return Optional.ofNullable(refusal);
  }

  /// Expects the stream to check what was just made of a [StandIn] next: a closed class of the JDK's
  /// behind a public interface, or an array beside the stream, whose length is no claim.
  void accept(Class<?> made) {
    accepted = made;
  }

  @Override
  public Status checkInput(FilterInfo info) {
    var made = accepted;
    accepted = null;
    if (made != null && made.equals(info.serialClass())) {
      return Status.ALLOWED;
    }
    if (info.depth() > limits.depthMax()) {
      return refuse("objects nest more than " + limits.depthMax() + " deep (depthMax)",
          "hold them in a list or array rather than linked to each other, or raise the limit");
    }
    if (info.references() > limits.referencesMax()) {
      return refuse("it has more than " + limits.referencesMax() + " objects (referencesMax)",
          "use arrays of primitives, split the value, or raise the limit");
    }
    if (info.arrayLength() > limits.arrayLengthMax()) {
      return refuse(
          "it has an array of " + info.arrayLength() + " elements; the limit is "
              + limits.arrayLengthMax() + " (arrayLengthMax)",
          "split the value, or raise the limit");
    }
    if (info.arrayLength() > 64 + (long) TABLE_FACTOR * headerBytes) {
      return refuse("it claims an array of " + info.arrayLength() + " elements in " + headerBytes
          + " bytes", "the sender is broken or hostile");
    }
    return info.serialClass() == null ? Status.UNDECIDED : check(info, info.serialClass());
  }

  private Status check(FilterInfo info, Class<?> type) {
    if (patterns != null) {
      var status = patterns.checkInput(info);
      if (status == Status.REJECTED) {
        return refuse("the class filter '" + limits.classFilter() + "' excludes " + type.getName(),
            "change " + ValueLimits.FILTER_VARIABLE + " on this node");
      }
      if (status == Status.ALLOWED) {
        return status;
      }
    }
    return isValue(element(type))
        ? Status.ALLOWED
        : refuse("the class " + type.getName() + " is not one that values are made of",
            "send a class of your own or a plain JDK value; if you trust it, start every node with "
                + ValueLimits.FILTER_VARIABLE + "='" + element(type).getName() + "'");
  }

  private static Class<?> element(Class<?> type) {
    var element = type;
    while (element.isArray()) {
      element = element.componentType();
    }
    return element;
  }

  static boolean isValue(Class<?> type) {
    if (!isJdk(type)) {
      return true;
    }
    var name = type.getName();
    if (Throwable.class.isAssignableFrom(type)) {
      return EXCEPTIONS_REFUSED.stream().noneMatch(name::startsWith);
    }
    return type.isPrimitive() || PACKAGES.contains(type.getPackageName())
        || CLASSES.contains(name) || Proxy.isProxyClass(type);
  }

  /// Whether a class belongs to the JDK: the loader says nothing about tools such as the compiler,
  /// which share the application's.
  static boolean isJdk(Class<?> type) {
    var module = type.getModule().getName();
    return type.getClassLoader() == null || (module != null
        && (module.startsWith("java.") || module.startsWith("jdk.")));
  }

  private Status refuse(String what, String advice) {
    refusal = "refused: " + what + "; " + advice;
    return Status.REJECTED;
  }
}
