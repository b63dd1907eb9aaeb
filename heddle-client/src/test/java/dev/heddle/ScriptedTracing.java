package dev.heddle;

import dev.heddle.code.TaskTracing;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// Says which trace a thread is in as a test says it, and that it is in none otherwise.
public final class ScriptedTracing implements TaskTracing {
  private static final ScopedValue<String> CONTEXT = ScopedValue.newInstance();

  static <T> T in(String context, Callable<T> body) throws Exception {
    return ScopedValue.where(CONTEXT, context).call(body::call);
  }

  @Override
  public String context() {
    return CONTEXT.orElse("");
  }

  @Override
  public <T extends @Nullable Object> T record(Run run, Callable<T> function) throws Exception {
    return function.call();
  }

  @Override
  public List<String> packages() {
    return List.of();
  }
}
