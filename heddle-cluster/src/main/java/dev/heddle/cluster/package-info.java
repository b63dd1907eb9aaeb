/// Clusters on this machine: a scheduler and workers, all in this JVM, or in child processes that end
/// with it.
/// ```
///   this JVM                                         a child JVM (one a worker, and one for the
///   ┌────────────────────────────────────┐          ┌────────────────scheduler if wanted)──────┐
///   │ LocalCluster ──── stdin: options, ──┼─────────►│ WorkerMain, SchedulerMain               │
///   │   │               secret; its end   │          │   │  ends when stdin ends               │
///   │   │               ends the child    │          │   ▼                                     │
///   │   │ ◄──────────── stdout: "ready …" ┼──────────┤ Worker, Scheduler ◄──► peers, clients   │
///   │ output process ◄─ stderr: log lines ┼──────────┤   ▲                                     │
///   │ watch process  ◄─ its exit          │          └───┼─────────────────────────────────────┘
///   │   │ report-death                    │              │
///   │   ▼                                 │              │
///   │ Scheduler (or in a child) ◄─────────┼──────────────┘ attach, assign, ended
///   │ Worker (inJvm) ◄─ start processes   │
///   └────────────────────────────────────┘
/// ```
@NullMarked
package dev.heddle.cluster;

import org.jspecify.annotations.NullMarked;
