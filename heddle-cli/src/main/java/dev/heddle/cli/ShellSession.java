package dev.heddle.cli;

import dev.heddle.Client;
import dev.heddle.code.RemoteFunction;
import java.lang.invoke.SerializedLambda;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What the shell of this JVM has in hand: the client, and the classes that were typed. There is one a JVM, since what
/// is typed finds it by its name.
public final class ShellSession {
  private static volatile @Nullable ShellSession current;

  private final ShellLoader loader = new ShellLoader(ShellSession.class.getClassLoader());
  private final ConcurrentHashMap<String, byte[]> typed = new ConcurrentHashMap<>();
  private volatile @Nullable Client client;

  private ShellSession() {}

  static ShellSession begun() {
    var session = new ShellSession();
    current = session;
    return session;
  }

  static ShellSession current() {
    if (current instanceof ShellSession session) {
      return session;
    }
    throw new IllegalStateException("no shell runs in this JVM; start one: heddle shell");
  }

  /// The client that is in hand as `client`.
  public static Client client() {
    if (current().client instanceof Client client) {
      return client;
    }
    throw new IllegalStateException("the shell is not connected yet");
  }

  void connected(Client to) {
    client = to;
  }

  ShellLoader loader() {
    return loader;
  }

  /// @param classFile as the compiler made it
  void typed(String name, byte[] classFile) {
    typed.put(name.replace('.', '/'), classFile.clone());
  }

  /// What travels in the place of a function: with the values of the variables that it reads.
  RemoteFunction carrying(RemoteFunction function) {
    var uses = usesOf(function);
    if (uses.isEmpty()) {
      return function;
    }
    uses.get().writes().stream().findFirst().ifPresent(variable -> {
      throw new IllegalArgumentException("the function assigns the shell's variable '"
          + variable.name() + "', which is here and not on a worker; have it return the value: "
          + variable.name() + " = client.submit(() -> …).get()");
    });
    var values = new LinkedHashMap<String, @Nullable Object>();
    for (var variable : uses.get().reads()) {
      values.put(ShellVariables.key(variable.owner(), variable.name()), valueOf(variable));
    }
    return values.isEmpty() ? function : new ShellTask(function, values);
  }

  private @Nullable Object valueOf(ShellCode.Variable variable) {
    try {
      var value = ShellVariables.field(
          Class.forName(variable.owner().replace('/', '.'), true, loader), variable.name())
          .get(null);
      if (value instanceof Client) {
        throw new IllegalArgumentException("the function uses the shell's variable '"
            + variable.name() + "', a client, which stays here; inside a task, Heddle.current() is"
            + " the client");
      }
      return value;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the shell's variable '" + variable.name()
          + "' cannot be read", e);
    }
  }

  private Optional<ShellCode.Uses> usesOf(RemoteFunction function) {
    var type = function.getClass();
    if (!type.isHidden()) {
      return type.getClassLoader() == loader
          ? Optional.of(uses(type.getName().replace('.', '/'), "", ""))
          : Optional.empty();
    }
    return lambda(function).map(lambda -> uses(lambda.getImplClass(), lambda.getImplMethodName(),
        lambda.getImplMethodSignature()));
  }

  private ShellCode.Uses uses(String owner, String method, String signature) {
    return ShellCode.usesOf(owner, method, signature, name -> Optional.ofNullable(typed.get(name)));
  }

  private static Optional<SerializedLambda> lambda(RemoteFunction function) {
    try {
      var method = function.getClass().getDeclaredMethod("writeReplace");
      method.setAccessible(true);
      return method.invoke(function) instanceof SerializedLambda lambda
          ? Optional.of(lambda)
          : Optional.empty();
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(function + " cannot be looked into, so that it cannot"
          + " travel", e);
    }
  }
}
