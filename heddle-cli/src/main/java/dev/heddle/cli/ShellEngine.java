package dev.heddle.cli;

import java.util.Map;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/// How JShell finds [ShellExecution]: by its name. Loaded as a service, and so public.
public final class ShellEngine implements ExecutionControlProvider {
  static final String NAME = "heddle";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public ExecutionControl generate(ExecutionEnv environment, Map<String, String> parameters) {
    return new ShellExecution(ShellSession.current());
  }
}
