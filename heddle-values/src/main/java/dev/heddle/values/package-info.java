/// Values as they travel between nodes: any object to a small header plus large buffers beside it,
/// and back.
///
/// This module has no process and no channel of its own; its methods run in the process that calls
/// them.
/// ```
///   executor ──► Failures.capture ──┐                      ┌── Failures.restore ──► caller
///                                   ▼                      ▼
///   serve ─────► Values.encode ──► Payload ──► wire ──► Payload ──► Values.decode ──► executor
///                   │   ▲                                             │   ▲
///       which code base │                          class of that name │   │
///                   ▼   │                                             ▼   │
///                 ClassResolver                                  ClassResolver
/// ```
/// | codec | for |
/// |---|---|
/// | 0 | `null`, boxed primitives, strings, primitive arrays, buffers, and short lists of the simple ones |
/// | 1 | everything else, by JDK serialization; its large arrays, strings and buffers travel beside it |
/// | 256 and up | [dev.heddle.values.Codec]s of users |
@NullMarked
package dev.heddle.values;

import org.jspecify.annotations.NullMarked;
