/// What travels between nodes: frames, messages, connections and the proof of the cluster's secret.
///
/// A node has one [Endpoint], and for each of its [Connection]s one process, the link, on a platform
/// thread:
///
/// ```
///             +----------------------------- one node -----------------------------+
///             |                                                                    |
///   peers ----+--> accept ----- starts ----+                                       |
///             |                            v                                       |
///             |              +--------- a link a peer ----------+                  |
///   peer  ====+==> socket ===|=> LinkReader ==> Inbox ==========|== a batch a ==>  ConnectionHandler
///             |              |   (frames)   (messages, chunks)  |     read         |
///             |              |                  |               |                  |
///             |              |                  +==> Calls =====|== an answer ==>  who asked
///             |              |                                  |                  |
///   peer  <===+=== socket <==|== LinkWriter <== Outbox <========|== messages ====  any thread
///             |              |   (whoever flushes; the link     |                  |
///             |              |    where the socket is full)     |                  |
///             |              |                 ^                |                  |
///             |              +-----------------|----------------+                  |
///             |                                +--- pong ------- pulse             |
///             +--------------------------------------------------------------------+
/// ```
///
/// A link reads what there is, hands the messages in it to the handler as one batch, writes what was
/// said meanwhile, and waits only when there is nothing to read. Any thread may put messages into an
/// outbox and flush it, and never waits for a peer: what the socket does not take, the link writes
/// when it does. Large buffers ([Bulk]) stay where they are until they are written, in chunks between
/// which other messages pass.
///
/// Beside them, on demand, *dump* and *record* answer whoever asks how the node is.
///
/// While a handler keeps a link, which then neither reads nor answers, *pulse* says to the peer that
/// this node lives.
///
/// Before all that, [Handshake]; beside it, [ConnectionPool], for those who dial. The bytes are
/// described in `docs/protocol.md`.
@NullMarked
package dev.heddle.wire;

import org.jspecify.annotations.NullMarked;
