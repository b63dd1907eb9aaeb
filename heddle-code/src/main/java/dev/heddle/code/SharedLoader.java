package dev.heddle.code;

/// What users' code sees of a node: the JDK, Heddle's library and its logging API, and nothing of
/// what else the node happens to have on its class path.
final class SharedLoader extends ClassLoader {
  static final SharedLoader INSTANCE = new SharedLoader();

  static {
    registerAsParallelCapable();
  }

  private final ClassLoader node = nodeLoader();

  private SharedLoader() {
    super("heddle:shared", ClassLoader.getPlatformClassLoader());
  }

  private static ClassLoader nodeLoader() {
    var own = SharedLoader.class.getClassLoader();
    return own == null ? ClassLoader.getSystemClassLoader() : own;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    var packageName = Names.packageOf(name);
    if (Shared.isHeddle(packageName) || packageName.equals("org.slf4j")
        || packageName.startsWith("org.slf4j.")) {
      return node.loadClass(name);
    }
    if (Shared.isTool(packageName)) {
      return ClassLoader.getSystemClassLoader().loadClass(name);
    }
    return super.loadClass(name, resolve);
  }
}
