/// Futures over a network of workers: what users of Heddle see. A program begins with
/// [dev.heddle.Heddle], which gives it a [dev.heddle.Client], which gives it
/// [dev.heddle.RemoteFuture]s.
///
/// ```
///                    +------------------------- one client --------------------------+
///                    |                                                               |
///   submit, map ─────┼─► Submitter ──► Ledger (the turn) ◄── Results ── link ◄───────┼──► scheduler
///   (any thread)     |    encodes       tasks by number,    (the read's thread)      |
///                    |                  who waits ──► wakes ──┐                      |
///   get, gather ─────┼─► Reading ◄────────────────────────────┘                      |
///   (any thread)     |    └─► Fetching ──────────── get-data ────────────────────────┼──► workers
///                    |                                                               |
///   thenApply … ◄────┼── callback (a virtual thread each)                            |
///                    |                                                               |
///                    |   keeper: dials again, tells again what is wanted ────────────┼──► scheduler
///                    |   reaper: futures that cannot be reached ── drop ─────────────┼──► scheduler
///                    |   classes: answers those who lack a class ◄───────────────────┼─── scheduler, workers
///                    +---------------------------------------------------------------+
/// ```
///
/// A program holds a [dev.heddle.Handle] for each task; what is known of the task is in its
/// [dev.heddle.Entry], which the ledger keeps and which does not keep the handle: when the program
/// can no longer reach the handle, the task is dropped. An entry also keeps what it takes to submit
/// the task again, until its value is here and nothing unfinished needs it.
@NullMarked
package dev.heddle;

import org.jspecify.annotations.NullMarked;
