/// A scheduler: takes tasks from clients, gives them to workers, and tells clients how they ended.
/// ```
///            |                                                                 |
///  clients   |    ┌───────────────────────────────────────────────────┐        |
///  workers ◄─┼──► │ link (a process a connection): Links              │        |
///  people    |    │   ClientLink: numbers → functions                 │        |
///            |    │   WorkerLink: functions → numbers                 │        |
///            |    └─┬───────┬────────────────────────────▲──┬───▲─────┘        |
///            |      │ events│ a whole read at a time     │  │   │ answers      |
///            |      │ ┌─────▼────────────────────────────┴┐ │   │              |
///            |      │ │ Control: the turn at              │ │   │              |
///            |      │ │ SchedulerState ── Outlets         │◄┼───┼── clock      |
///            |      │ └─────▲─────────────────▲───────────┘ │   │              |
///            |      │       │ came, away,     │ registered  │   │              |
///            |      │       │ died            │             │   │              |
///            |      │     attend ◄─ news ─ members          │   │              |
///            |      │     (one a worker)      ▲             │   │              |
///            |      │       │                 │ watch       │   │              |
///            |      │       └─ dials ─────────┼─────────────┼───┼──────────────┼─► workers
///            |  MetadataServer ──► the store ─┘  `code questions`              |
///            |  (or `store questions` ─► ask-store (2) ─► elsewhere)           |
///            |                                      relay (8) ─────────────────┼─► clients
///            |                                      retire (one a worker       |
///            |                                      that is to leave) ─────────┼─► workers
/// ```
/// [SchedulerState] decides and does no I/O; it is entered by whoever has something to report, one at
/// a time, and what it commands is appended to connections before the next one enters. Everything
/// else does I/O and decides nothing. Nothing here loads a user's class or opens a user's value.
@NullMarked
package dev.heddle.scheduler;

import org.jspecify.annotations.NullMarked;
