package dev.heddle.wire;

/// A worker that has a value.
///
/// @param sizeBytes the size that the worker registered, -1 where it does not know it
public record Holder(WorkerId worker, Address address, String host, long sizeBytes) {}
