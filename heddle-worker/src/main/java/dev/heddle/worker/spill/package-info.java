/// Values on disk, for a worker that has more of them than memory.
///
/// A file holds one large value or several small ones, is written beside its place and renamed, and
/// goes when the last of its values is needed no longer:
/// ```
///   <spill directory>/heddle-<pid>-<worker>-<incarnation>/      one worker's; `lock` is locked while it lives
///       lock  1.values  2.values  3.part
///
///   file    "HDLSPILL"  version (int)   record …
///   record  length of the key (int)   key (UTF-8)   compressed (byte)
///           body: the value's header, then its buffers
///           length of the body as stored (long)   CRC32C of all of the record before it (int)
/// ```
/// Numbers are big-endian; buffers are as they are in memory, since nobody else reads them. What a dead
/// worker left behind is removed by the next one that starts there.
@NullMarked
package dev.heddle.worker.spill;

import org.jspecify.annotations.NullMarked;
