/// What a node tells monitoring: its figures to a scraper, and whether it is well to whoever started it.
///
/// ```
///             +------------------------ one node -------------------------+
///             |                                                           |
///  scraper ---+--> /metrics ------> NodeMetrics ---> figures of the node, |
///             |                         |            within its turn      |
///             |                         +----------> its processes,       |
///             |                                      connections and JVM, |
///  starter ---+--> /health/live  --> Health -------> without the turn     |
///             |    /health/ready                                          |
///             +-----------------------------------------------------------+
/// ```
///
/// Nothing is measured for a scrape alone: the cores count as they go, in plain fields of whoever owns
/// them, and a scrape reads that. Whether there are scrapes makes no difference to tasks. A node whose
/// turn is not to be had answers all the same, with what can be had without it.
@NullMarked
package dev.heddle.metrics;

import org.jspecify.annotations.NullMarked;
