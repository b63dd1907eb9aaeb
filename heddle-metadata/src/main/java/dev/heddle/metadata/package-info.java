/// Who has what: which worker holds the value of which key, by leases that workers renew.
///
/// [dev.heddle.metadata.MetadataStore] is what everyone asks. One is embedded in a process and
/// served to others; each worker keeps up its side by a [dev.heddle.metadata.MetadataProcess].
/// ```
///   worker's processes                                          a store
///   ┌────────────────────────────────┐          ┌─────────────────────────────────────┐
///   │ control ──► (one word a key) ──┼─► registrar ─┐                                 │
///   │    ▲            events ◄───────┼───── ┘      ├─► MetadataState ◄── leases      │
///   │    └────────────────────────── ┼── locate ───┘      │     (ends those that     │
///   └────────────────────────────────┘          │          ▼         are due)          │
///                                               │   watch buffers ──► whoever watches │
///                                               └─────────────────────────────────────┘
/// ```
/// A store of another process is asked through [dev.heddle.metadata.RemoteMetadataStore]:
/// ```
///   callers ──► link ═══ connection ═══► MetadataServer ──► the store, in turn, on the link process
///   watchers ◄── watch buffer ◄── link ◄═══ watch (one a watch) ◄── watch buffer
///                    ▲
///                 rewatch: connects again while somebody watches
/// ```
/// Everybody who asks enters the state in turn, for as long as it takes to look up or change the
/// indices; nobody waits for anything else in there.
@NullMarked
package dev.heddle.metadata;

import org.jspecify.annotations.NullMarked;
