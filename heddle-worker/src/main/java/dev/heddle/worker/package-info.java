/// A worker: stores values, computes on them, collects those that it lacks from peers, and serves
/// those that it has.
@NullMarked
package dev.heddle.worker;

import org.jspecify.annotations.NullMarked;
