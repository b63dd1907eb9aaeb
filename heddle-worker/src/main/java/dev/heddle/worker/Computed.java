package dev.heddle.worker;

import dev.heddle.wire.Key;
import java.time.Duration;

/// A result that is stored on a worker.
///
/// @param type the name of its class, `null` for null
/// @param sizeBytes an estimate where it was never serialized
/// @param took how long the function ran
public record Computed(Key key, String type, long sizeBytes, Duration took) {}
