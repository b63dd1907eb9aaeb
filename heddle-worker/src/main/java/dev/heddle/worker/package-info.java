/// A worker: stores values, computes on them, collects those that it lacks from peers, and serves
/// those that it has. And [WorkerClient], for whoever wants to build on that.
/// ```
///            |                                                              |
///  callers   |    ┌──────────────────────────────────────────────────┐      |
///  peers  ◄──┼──► │ link (a process a connection): Links; for a      │      |
///  schedulers|    │ scheduler's, with its functions, SchedulerLink   │      |
///            |    └──────┬────────────────────────────▲──────────────┘      |
///            |    events │ a whole read at a time     │ replies             |
///            |    ┌──────▼────────────────────────────┴──────────────┐      |
///            |    │ Control: the turn at WorkerState ── Outlets      │◄── clock, beat
///            |    └─┬─────────┬─────────┬──────────┬─────────┬───────┘      |
///            | `executions` `fetches` `servings` `departures` │ `spills`    |
///            |      ▼         ▼         ▼          ▼         │     ▼        |
///            |    slot      gather    serve      depart      │   spill ─────┼──► files
///            |    (n, one     (16)      (2)        │       registrar ───────┼──► who has what
///            |    more for    │         │          │       locate           |
///            |    each that   │         │          │                        |
///            |    waits, and  │         │          │      links ─ `copies`  |
///            |    blocking)   │         │          │              ▼         |
///            |      │         │         └─ answers ┼─► link     take (2)    |
///            |      │         └────────────────────┴────────────────────────┼──► peers
///            |      └──── each reports how it ended to Control              |
/// ```
/// What peers are asked for goes out, where there is a connection, with the other words of a turn, and
/// their answers are events of their links ([Fetches]): *gather* only connects, and *take* copies large
/// arrays out of peers' shared memory.
///
/// [WorkerState] decides and does no I/O; it is entered by whoever has something to report, one at a
/// time. Everything else does I/O and decides nothing.
@NullMarked
package dev.heddle.worker;

import org.jspecify.annotations.NullMarked;
