package dev.heddle.cluster;

import java.lang.reflect.Proxy;

/// The signals that the operating system sends to this JVM.
///
/// The JDK's only way to take one is `sun.misc.Signal` (module `jdk.unsupported`). It is called by
/// reflection, since the compiler's warning about its name cannot be answered for.
public final class SystemSignals {
  private SystemSignals() {}

  /// From now on, `action` is what a signal does, in place of what it did before. Programs that this JVM starts do not
  /// inherit that.
  ///
  /// @param name without SIG: `INT`, `TERM`
  /// @param action runs on a thread of its own each time
  public static void handle(String name, Runnable action) {
    try {
      var signalType = Class.forName("sun.misc.Signal");
      var handlerType = Class.forName("sun.misc.SignalHandler");
      var handler = Proxy.newProxyInstance(SystemSignals.class.getClassLoader(),
          new Class<?>[]{handlerType}, (_, _, _) -> {
            action.run();
            return null;
          });
      signalType.getMethod("handle", signalType, handlerType).invoke(null,
          signalType.getConstructor(String.class).newInstance(name), handler);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java runtime cannot take the signal " + name
          + "; run Heddle with a JDK 25 that has the module jdk.unsupported", e);
    }
  }
}
