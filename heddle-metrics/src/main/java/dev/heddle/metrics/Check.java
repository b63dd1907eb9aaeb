package dev.heddle.metrics;

/// One thing that has to be well.
///
/// @param message how it is, for people
record Check(String name, boolean isWell, String message) {}
