/// The page: what a cluster does, live, for people.
///
/// ```
///              +------------------------------ one dashboard ------------------------------+
///              |                                                                           |
///  scheduler <-+-- collect (every second while somebody watches, else every five) --> feed-+--> browsers
///  workers  <--+      |  status, series, activities: each bounded                     ^    |    (events)
///              |      v                                                               |    |
///              |   history, spans, traffic: rings                          newest of each  |
///              |      |                                                                    |
///  scheduler <-+-- request (a process each): what one view asks, once a second at most ----+--> browsers
///  workers     |                                                                           |    (JSON)
///              +---------------------------------------------------------------------------+
/// ```
///
/// It is a client of the cluster like `heddle status` and `heddle ps`, and asks what they ask; only what
/// somebody looks at is asked for. The page itself is plain modules in `static/`.
///
/// A [Report] asks the same things once, and puts the answers and the page's own modules into one file.
@NullMarked
package dev.heddle.dashboard;

import org.jspecify.annotations.NullMarked;
