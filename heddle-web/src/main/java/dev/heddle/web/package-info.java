/// A small HTTP server for what people and scrapers read of a node: the page, the metrics, the health.
///
/// ```
///             +----------------------------- one node ------------------------------+
///             |                                                                     |
///  browser ---+--> request (a process each, at most 128) --> door --> handler       |
///  scraper    |        the listener of the JDK's server       |          |          |
///             |        accepts and reads the head             v          v          |
///             |                                       401, 403 or 421   a response  |
///             |                                                                     |
///  browser <--+--- request <== newest of each event == EventFeed <-- whoever        |
///             |     (an event stream, until either ends)             publishes      |
///             +---------------------------------------------------------------------+
/// ```
///
/// The [Door] lets in whoever may see the cluster: on loopback the node's own user, elsewhere whoever
/// has the token that the secret gives. Nothing here changes anything: only GET and HEAD are answered.
@NullMarked
package dev.heddle.web;

import org.jspecify.annotations.NullMarked;
