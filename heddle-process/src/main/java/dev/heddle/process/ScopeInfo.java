package dev.heddle.process;

/// A scope, at the moment of a snapshot.
///
/// @param id unique in this JVM
public record ScopeInfo(long id, String name) {}
