package dev.heddle.values;

import dev.heddle.wire.CodeBaseId;
import java.util.Optional;

/// Tells where a class comes from, and finds it again on another node.
public interface ClassResolver {
  /// The body of classes that `type` belongs to, or empty for a class that every node has: the
  /// JDK's and Heddle's own.
  Optional<CodeBaseId> codeBaseOf(Class<?> type);

  /// Finds a class without initializing it.
  ///
  /// @param codeBase
  ///          as [#codeBaseOf] gave it on the sending node
  /// @param name
  ///          a binary name as [Class#getName] gives it, of an array class too
  /// @throws ClassNotFoundException
  ///           if there is none; its message says where was looked and what to do
  Class<?> load(Optional<CodeBaseId> codeBase, String name) throws ClassNotFoundException;

  /// A resolver made of two functions.
  static ClassResolver of(Origin origin, Loading loading) {
    return new ClassResolver() {
      @Override
      public Optional<CodeBaseId> codeBaseOf(Class<?> type) {
        return origin.codeBaseOf(type);
      }

      @Override
      public Class<?> load(Optional<CodeBaseId> codeBase, String name)
          throws ClassNotFoundException {
        return loading.load(codeBase, name);
      }
    };
  }

  /// [ClassResolver#codeBaseOf] alone.
  @FunctionalInterface
  interface Origin {
    Optional<CodeBaseId> codeBaseOf(Class<?> type);
  }

  /// [ClassResolver#load] alone.
  @FunctionalInterface
  interface Loading {
    Class<?> load(Optional<CodeBaseId> codeBase, String name) throws ClassNotFoundException;
  }
}
