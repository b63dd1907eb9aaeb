package dev.heddle.process;

/// A process was to be started in a scope that is stopping or has ended.
public final class ScopeStoppedException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  ScopeStoppedException(String scope, String process, String why) {
    super("cannot start process `" + process + "` in scope `" + scope + "`: the scope " + why);
  }
}
