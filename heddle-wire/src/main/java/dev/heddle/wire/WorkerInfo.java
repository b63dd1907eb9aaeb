package dev.heddle.wire;

/// What the metadata store knows of a worker.
///
/// @param address where peers and clients reach it
/// @param host the machine's name: values are fetched from the same host first
/// @param pid its process id on that host
/// @param threads how many functions it runs at once
public record WorkerInfo(WorkerId id, Address address, String host, long pid, int threads) {}
