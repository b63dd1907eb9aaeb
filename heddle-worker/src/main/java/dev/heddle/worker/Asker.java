package dev.heddle.worker;

/// Who waits for an answer.
///
/// @param link which connection, by a number that the shell gave it
/// @param correlation which request on it
record Asker(int link, long correlation) {}
