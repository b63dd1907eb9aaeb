/// Named sequential processes, the channels between them, and the scopes that answer for them.
///
/// A process is one loop, read from top to bottom. It owns its state, takes its input from a
/// [Source], puts its output into a [Sink], and has one thread, which bears its name. The two ends
/// belong to a [Channel], the only thing that processes share:
///
/// ```
///             +----------------------- ProcessScope "node" ------------------------+
///             |                                                                    |
///   start ----+-->  reader  ==== events ====>  control  ==== commands ====>  writer |
///             |     (reads     (a Channel:     (receiveAll,                        |
///             |    a socket)   bounded, named)  or a Select                        |
///   join  <---+--   first failure               over several)                      |
///   close ----+-->  interrupts all, waits, says who did not end                    |
///             +--------------------------------------------------------------------+
/// ```
///
/// ```java
/// Channel<Event> events = Channel.bounded("node/events", 1024);
/// try (var scope = ProcessScope.open("node")) {
///   scope.start("node/reader", Kind.PLATFORM, new Reader(socket, events));
///   scope.start("node/control", Kind.PLATFORM, new Control(events));
///   scope.join();
/// }
/// ```
///
/// How it ends:
/// - A channel ends with [Sink#done] (what is queued still arrives) or [Sink#fail] (at once). There
///   is no close message and no flag.
/// - A process that returns has ended; its siblings go on. A process that throws has failed: the
///   scope interrupts its siblings, and [ProcessScope#join] throws the failure with the process's
///   name, its own stack and the line that started it.
/// - To stop is to interrupt. Every wait here ends with an [InterruptedException], which a process
///   lets pass.
/// - A node that serves many opens a [ProcessScope#supervising] scope for its connections, where a
///   handler is told of a failure and the others go on; each of those processes may open a scope of
///   its own for what belongs to it alone:
///
/// ```
///   node                                  open: a defect here ends the node
///     node/control
///     node/accept
///     connections                         supervising: a defect here ends one connection
///       connection 10.0.0.7:40312
///         connection 10.0.0.7:40312       open, inside that process
///           writer 10.0.0.7:40312
/// ```
///
/// What is going on is always there to be read: [Processes#snapshot] tells of every process what it
/// does and since when, and of every channel how full it is. Channels say it by themselves; code
/// that waits for anything else declares an [Activity].
@NullMarked
package dev.heddle.process;

import org.jspecify.annotations.NullMarked;
