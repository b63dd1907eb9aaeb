package dev.heddle.code;

import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.stream.Collectors;

/// The classes that every node has, which are never sent: the JDK's and Heddle's library.
///
/// Heddle's are known by their package. Its command, examples, tests and benchmarks are not library:
/// their classes travel like anybody's.
final class Shared {
  private static final String HEDDLE = "dev.heddle";
  private static final Set<String> MODULES = Set.of("process", "wire", "values", "code", "metadata",
      "worker", "client", "scheduler", "cluster", "simulation");

  /// Packages of JDK modules that the application's class loader defines, such as the compiler's.
  private static final Set<String> TOOLS = ModuleLayer.boot().modules().stream()
      .filter(module -> isJdkModule(module.getName()))
      .filter(module -> ClassLoader.getSystemClassLoader().equals(module.getClassLoader()))
      .flatMap(module -> module.getPackages().stream()).collect(Collectors.toUnmodifiableSet());

  private static final Set<String> JDK = ModuleLayer.boot().modules().stream()
      .filter(module -> isJdkModule(module.getName()))
      .flatMap(module -> module.getPackages().stream()).collect(Collectors.toUnmodifiableSet());

  private Shared() {}

  static boolean isTool(String packageName) {
    return TOOLS.contains(packageName);
  }

  /// Whether a class of this name need not be looked for ahead of time.
  static boolean isNamed(String className) {
    var packageName = Names.packageOf(className);
    return className.startsWith("java.") || isHeddle(packageName) || JDK.contains(packageName);
  }

  private static boolean isJdkModule(String name) {
    return name.startsWith("java.") || name.startsWith("jdk.");
  }

  static boolean contains(Class<?> type) {
    var element = type;
    while (element.isArray()) {
      element = element.componentType();
    }
    return isJdk(element) || isHeddle(element.getPackageName());
  }

  private static boolean isJdk(Class<?> type) {
    var loader = type.getClassLoader();
    if (loader == null || loader.equals(ClassLoader.getPlatformClassLoader())) {
      return true;
    }
    var module = type.getModule().getName();
    return module != null && isJdkModule(module) && !Proxy.isProxyClass(type);
  }

  static boolean isHeddle(String packageName) {
    if (!packageName.startsWith(HEDDLE)) {
      return false;
    }
    if (packageName.length() == HEDDLE.length()) {
      return true;
    }
    var end = packageName.indexOf('.', HEDDLE.length() + 1);
    return packageName.charAt(HEDDLE.length()) == '.' && MODULES.contains(
        packageName.substring(HEDDLE.length() + 1, end < 0 ? packageName.length() : end));
  }
}
