package dev.heddle.worker;

import dev.heddle.code.RemoteFunction;
import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.Payload;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A function as it came, and what was made of it: decoded once rather than once a call.
///
/// A function in which nothing can change (it captured nothing, or only numbers, strings and the like,
/// as final fields) is one object, called by any number of threads at once. Any other is decoded for
/// as many calls as there are at once, and each object is called by one thread at a time: what a
/// function changes inside itself, a later call may find, and a concurrent one never does. One that
/// captured values of other tasks is decoded for each call, since those values are the call's.
///
/// For any number of threads.
final class Definition {
  /// How many objects are kept that nobody calls at the moment.
  private static final int IDLE_MAX = 64;
  private static final Set<Class<?>> UNCHANGING = Set.of(String.class, Boolean.class, Byte.class,
      Short.class, Character.class, Integer.class, Long.class, Float.class, Double.class,
      BigInteger.class, BigDecimal.class, Class.class);

  private final Payload payload;
  private final Set<CodeBaseId> codeBases;
  private final Object hold;
  private final boolean once;
  private final @Nullable String trouble;
  private volatile @Nullable RemoteFunction shared;
  /// How long the last call took; -1 before the first. Any call's will do.
  private volatile long lastNanos = -1;
  /// Guarded by itself.
  private final ArrayDeque<RemoteFunction> idle = new ArrayDeque<>(0);

  private Definition(Payload payload, Set<CodeBaseId> codeBases, Object hold, boolean once,
      @Nullable String trouble) {
    this.payload = payload;
    this.codeBases = codeBases;
    this.hold = hold;
    this.once = once;
    this.trouble = trouble;
  }

  /// For many calls.
  static Definition of(Payload payload, NodeCode code) {
    return new Definition(payload, Set.copyOf(payload.codeBases()),
        code.hold(payload.codeBases()), false, null);
  }

  /// For one call.
  ///
  /// @param hold keeps the function's classes available for as long as this is reachable
  static Definition forOneCall(Payload payload, Object hold) {
    return new Definition(payload, Set.copyOf(payload.codeBases()), hold, true, null);
  }

  /// One that cannot be called.
  ///
  /// @param trouble what whoever tries is told
  static Definition unusable(String trouble) {
    return new Definition(new Payload(0, List.of(), new byte[0], List.of()), Set.of(), trouble,
        true,
        trouble);
  }

  Set<CodeBaseId> codeBases() {
    return codeBases;
  }

  /// Keeps the function's classes available for as long as it is reachable.
  Object hold() {
    return hold;
  }

  /// A function that nobody else calls until it is given back, unless any number may.
  ///
  /// @param isOfOneCall whether it must not be anything that was decoded before
  /// @throws IllegalStateException if the function cannot be had
  RemoteFunction take(NodeCode code, boolean isOfOneCall) {
    if (isOfOneCall || once) {
      return decoded(code);
    }
    if (shared instanceof RemoteFunction function) {
      return function;
    }
    synchronized (idle) {
      if (idle.poll() instanceof RemoteFunction function) {
        return function;
      }
    }
    var function = decoded(code);
    if (isUnchanging(function)) {
      shared = function;
    }
    return function;
  }

  void giveBack(RemoteFunction function, boolean isOfOneCall) {
    if (isOfOneCall || once || shared != null) {
      return;
    }
    synchronized (idle) {
      if (idle.size() < IDLE_MAX) {
        idle.push(function);
      }
    }
  }

  void took(long nanos) {
    lastNanos = nanos;
  }

  /// Whether the next call will probably be over within `nanos`.
  boolean isShorterThan(long nanos) {
    var last = lastNanos;
    return last >= 0 && last < nanos;
  }

  private RemoteFunction decoded(NodeCode code) {
    if (trouble != null) {
      throw new IllegalStateException(trouble);
    }
    var decoded = code.values().decode(payload);
    if (decoded instanceof RemoteFunction function) {
      return function;
    }
    throw new IllegalArgumentException("what was sent to be run is no RemoteFunction but "
        + (decoded == null ? "null" : "a " + decoded.getClass().getName()));
  }

  /// Whether no call of it can leave anything in it.
  static boolean isUnchanging(RemoteFunction function) {
    for (Class<?> at = function.getClass(); at != null && at != Object.class; at = at
        .getSuperclass()) {
      for (var field : at.getDeclaredFields()) {
        var type = field.getType();
        if (!Modifier.isStatic(field.getModifiers()) && (!Modifier.isFinal(field.getModifiers())
            || !(type.isPrimitive() || type.isEnum() || UNCHANGING.contains(type)))) {
          return false;
        }
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return "a function of " + payload.sizeBytes() + " bytes"
        + (codeBases.isEmpty() ? "" : " of " + List.copyOf(codeBases));
  }
}
