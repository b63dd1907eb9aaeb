/// Whole clusters in one thread, on simulated time, from a seed.
///
/// ```
///   heddle simulate ──► Simulator ──► Scenario ──┬──► dev.heddle.worker.Simulation: workers and callers
///                                                └──► … each of them: SimulatedTime, one event after
///                                                     the other, and a SimulatedStore
/// ```
///
/// The cores are nobody else's to see, so what drives them is in their packages: parts of this module
/// are in `dev.heddle.worker` and `dev.heddle.metadata`. That can be because this module goes on the
/// class path, where packages may be split, and nowhere else.
@NullMarked
package dev.heddle.simulation;

import org.jspecify.annotations.NullMarked;
