/// Whole clusters in one thread: many [WorkerState]s, a store, callers, and a network that delays,
/// breaks and loses, all from one seed.
///
/// ```
///   SimulatedCaller ──┐                     ┌──► SimulatedWorker ──► SimulatedStore
///   SimulatedCaller ──┼─► SimulatedNetwork ─┼──► (WorkerState and   (MetadataState)
///   SimulatedScheduler┤        ▲            └──►  what is around it)
///                     │        └───────────────── fetches, hand-overs
///                     └── all of them: SimulatedTime, one event after the other; Chaos breaks things
/// ```
///
/// It is in the worker's package because the core is nobody else's to see; it is in a module of its
/// own because it will take in the other roles.
@NullMarked
package dev.heddle.worker;

import org.jspecify.annotations.NullMarked;
