/// Whole clusters in one thread, on simulated time, from a seed.
///
/// ```
///   heddle simulate ──► Simulator ──► Scenario ──┬──► dev.heddle.worker.Simulation: workers and callers
///                                                └──► ClusterSimulation
///
///   ClusterSimulation, of a Script: what clients do (ClientActs), what goes wrong (Trouble), and when
///
///     SimulatedClient ◄──┐                  ┌──► SimulatedScheduler: the real SchedulerState, the store,
///     SimulatedClient ◄──┼──► Network ◄─────┤      SimulatedMembers ──► a SimulatedAttendant a worker
///            │           │   (messages)     ├──► ClusterWorker: the real WorkerState, ClusterExecutor
///            │           │                  └──► ClusterWorker ──► ClusterStore ──► the scheduler's store
///            ▼           │
///     Plans: what each key must come to     Judge: sees all of them, and knows what must not be
///
///   ... each of them on SimulatedTime, one event after the other. What went wrong is shortened by
///   Shrinking, and told with the stories of the keys and the History.
/// ```
///
/// Real are the cores, the registrar and the messages; modelled are the shells, as closely as may be,
/// and the clients, by the protocol alone.
///
/// The cores are nobody else's to see, so what drives them is in their packages: parts of this module
/// are in `dev.heddle.scheduler`, `dev.heddle.worker` and `dev.heddle.metadata`. That can be because this
/// module goes on the class path, where packages may be split, and nowhere else.
@NullMarked
package dev.heddle.simulation;

import org.jspecify.annotations.NullMarked;
