/// A worker: stores values, computes on them, collects those that it lacks from peers, and serves
/// those that it has. And [WorkerClient], for whoever wants to build on that.
/// ```
///            |                                                              |
///  callers   |    ┌──────────────────────────────────────────────────┐      |
///  peers  ◄──┼──► │ link (a process a connection): Links             │      |
///            |    └──────┬────────────────────────────▲──────────────┘      |
///            |    events │ a whole read at a time     │ replies             |
///            |    ┌──────▼────────────────────────────┴──────────────┐      |
///            |    │ Control: the turn at WorkerState ── Outlets      │◄── clock
///            |    └─┬─────────┬─────────┬──────────┬─────────┬───────┘      |
///            | `executions` `fetches` `servings` `departures` │             |
///            |      ▼         ▼         ▼          ▼         ▼              |
///            |    slot      gather    serve      depart    registrar ───────┼──► who has what
///            |    (n, and   (16)      (2)          │       locate           |
///            |    blocking)   │         │          │                        |
///            |      │         │         └─ answers ┼─► link                 |
///            |      │         └────────────────────┴────────────────────────┼──► peers
///            |      └──── each reports how it ended to Control              |
/// ```
/// [WorkerState] decides and does no I/O; it is entered by whoever has something to report, one at a
/// time. Everything else does I/O and decides nothing.
@NullMarked
package dev.heddle.worker;

import org.jspecify.annotations.NullMarked;
