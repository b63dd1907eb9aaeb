package dev.heddle.cli;

import dev.heddle.code.RemoteFunction;
import java.io.Serial;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A function that was typed, with the shell's variables that it reads.
final class ShellTask implements RemoteFunction {
  @Serial
  private static final long serialVersionUID = 1;

  private final RemoteFunction function;
  private final HashMap<String, @Nullable Object> variables;

  ShellTask(RemoteFunction function, Map<String, @Nullable Object> variables) {
    this.function = function;
    this.variables = new HashMap<>(variables);
  }

  @Override
  public @Nullable Object apply(@Nullable Object[] arguments) throws Exception {
    return ShellVariables.<@Nullable Object>seeing(variables, () -> function.apply(arguments));
  }
}
