package dev.heddle.code;

import java.util.List;

/// What users' code sees of a node: the JDK, Heddle's library and its logging API, the API of what
/// records traces if something does, and nothing of what else the node happens to have on its class path.
final class SharedLoader extends ClassLoader {
  static final SharedLoader INSTANCE = new SharedLoader();

  static {
    registerAsParallelCapable();
  }

  private final ClassLoader node = nodeLoader();
  private final List<String> tracing = TaskTracing.ofThisProcess()
      .map(TaskTracing::packages).orElse(List.of());

  private SharedLoader() {
    super("heddle:shared", ClassLoader.getPlatformClassLoader());
  }

  private static ClassLoader nodeLoader() {
    var own = SharedLoader.class.getClassLoader();
    return own == null ? ClassLoader.getSystemClassLoader() : own;
  }

  private boolean isOfTracing(String packageName) {
    for (var shared : tracing) {
      if (packageName.startsWith(shared)
          && (packageName.length() == shared.length()
              || packageName.charAt(shared.length()) == '.')) {
        return true;
      }
    }
    return false;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    var packageName = Names.packageOf(name);
    if (Shared.isHeddle(packageName) || packageName.equals("org.slf4j")
        || packageName.startsWith("org.slf4j.") || isOfTracing(packageName)) {
      return node.loadClass(name);
    }
    if (Shared.isTool(packageName)) {
      return ClassLoader.getSystemClassLoader().loadClass(name);
    }
    return super.loadClass(name, resolve);
  }
}
