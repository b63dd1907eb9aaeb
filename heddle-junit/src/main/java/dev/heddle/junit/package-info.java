/// Tests of programs that use Heddle: a cluster a test, what it must not leave behind, and faults.
/// ```
///   HeddleExtension ──► Trial (one a test) ──► LocalCluster ◄─── Client (the test's)
///                        │   │   │                 ▲
///            before and  │   │   └─► FaultsPlayed ─┤ crash, start again
///            after: what │   │        │  crasher   │
///            is open     ▼   │        ▼            │
///                     Leaks  └─► FaultyDoors: a door before each node; of each connection
///                                 pump ──► FrameScanner ──► the steps of a FaultPlan ──► pump
/// ```
@NullMarked
package dev.heddle.junit;

import org.jspecify.annotations.NullMarked;
