package dev.heddle.cli;

import java.lang.reflect.Field;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The variables of a shell, as functions read them: a variable that was typed is a static field of the shell's JVM,
/// and what a task sees is the value that it had when the task was submitted.
///
/// Called by what was typed, and so public; it travels to workers with it.
public final class ShellVariables {
  /// Those of the task that this thread runs.
  private static final ScopedValue<Map<String, @Nullable Object>> CURRENT = ScopedValue
      .newInstance();

  private ShellVariables() {}

  /// Calls within it see these values.
  ///
  /// @throws Exception what the function throws
  static <R extends @Nullable Object> R seeing(Map<String, @Nullable Object> values,
      ScopedValue.CallableOp<R, Exception> function) throws Exception {
    return ScopedValue.where(CURRENT, values).call(function);
  }

  /// What takes the place of a read of the field.
  ///
  /// @param here the class that reads it
  public static @Nullable Object get(Class<?> here, String owner, String name) throws Throwable {
    if (CURRENT.isBound() && CURRENT.get().containsKey(key(owner, name))) {
      return CURRENT.get().get(key(owner, name));
    }
    var loader = here.getClassLoader();
    if (!loader.getClass().getName().equals(ShellLoader.class.getName())) {
      throw new IllegalStateException("the shell's variable '" + name + "' did not travel with this"
          + " task, which reaches it by a way that cannot be seen from the function; give it as an"
          + " argument: client.submit(x -> …, " + name + ")");
    }
    return field(Class.forName(owner.replace('/', '.'), true, loader), name).get(null);
  }

  static String key(String owner, String name) {
    return owner + "." + name;
  }

  static Field field(Class<?> owner, String name) throws NoSuchFieldException {
    var field = owner.getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }
}
