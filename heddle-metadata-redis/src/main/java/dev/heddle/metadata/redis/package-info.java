/// Who has what, kept in Redis: for clusters whose metadata must outlive every one of their nodes.
/// ```
///   callers ──► (pool of connections) ──► Redis: Lua scripts, each one atomic
///                                           │ PUBLISH
///   watchers ◄── watch buffers ◄── subscriber
///                keeper ──► tick, sweep, ping        (both only while somebody watches)
/// ```
/// Every caller runs its own script call on a pooled connection. *subscriber* blocks on the channel of
/// changes; *keeper* sleeps until a lease is due and then lets Redis end it, so that watchers hear of
/// a dead worker in time, and looks whether *subscriber* still hears anything. The layout of the keys
/// is in `docs/redis.md`.
@NullMarked
package dev.heddle.metadata.redis;

import org.jspecify.annotations.NullMarked;
