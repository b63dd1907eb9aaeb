/// Heddle as its users meet it: whole nodes, real sockets, real processes, real signals, a real Redis.
///
/// ```
///   in one JVM                      in processes of their own
///   ┌──────────────────────────┐    ┌────────────────────────┐
///   │ test ──► caller ──► a, b │    │ test, and a caller     │──► worker a ◄──► worker b
///   │              store ◄─────│    │ with classes of its own│──► metadata store, or Redis
///   └──────────────────────────┘    └────────────────────────┘     (a JVM each)
/// ```
@NullMarked
package dev.heddle.tests;

import org.jspecify.annotations.NullMarked;
