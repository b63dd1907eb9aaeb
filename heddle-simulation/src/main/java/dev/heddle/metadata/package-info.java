/// What the simulation needs of a worker's link to the store: the pure parts, driven by its own
/// clock and network.
@NullMarked
package dev.heddle.metadata;

import org.jspecify.annotations.NullMarked;
