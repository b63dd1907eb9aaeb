/// Functions that run elsewhere, and the classes that they need there.
///
/// Where a program runs, each class loader is a code base with a random id. On a worker, each code
/// base has a loader of its own, which asks for what it lacks: a question for the names, which also
/// tells what will be needed next, then one for the bytes, by their hashes. There is no process
/// here; the thread that needs a class asks for it.
/// ```
///       the user's program                                a worker
///   +-------------------------+             +--------------------------------------+
///   |  class loader           |   find      |  code base 1a2b                      |
///   |    ▲                    | ◄───────────┼─ CodeBaseLoader ──► shared classes:  |
///   |    └ CodeBases ─────────┼──► hashes   |    ▲     │          JDK, dev.heddle  |
///   |        │                |             |    │     ▼                           |
///   |        └─ blobs ◄───────┼─────────────┼─ CodeBases ── blobs by hash (bounded)|
///   +-------------------------+   blobs     |    ▲                                 |
///                                           +----┼---------------------------------+
///   another worker of the cluster ◄──────────────┘ asks here in the same two ways
/// ```
@NullMarked
package dev.heddle.code;

import org.jspecify.annotations.NullMarked;
