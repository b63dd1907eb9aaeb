/// Clusters on this machine: a metadata store in this JVM, and workers as child processes that end
/// with it.
/// ```
///   this JVM                                         a child JVM (one a worker)
///   ┌────────────────────────────────────┐          ┌──────────────────────────────┐
///   │ LocalCluster ──── stdin: options, ──┼─────────►│ WorkerMain                   │
///   │   │               secret; its end   │          │   │  ends when stdin ends    │
///   │   │               ends the child    │          │   ▼                          │
///   │   │ ◄──────────── stdout: "ready …" ┼──────────┤ Worker ◄──► peers, callers   │
///   │ output process ◄─ stderr: log lines ┼──────────┤   │                          │
///   │ MetadataNode   ◄────────────────────┼──────────┼───┘ who has what             │
///   └────────────────────────────────────┘          └──────────────────────────────┘
/// ```
@NullMarked
package dev.heddle.cluster;

import org.jspecify.annotations.NullMarked;
