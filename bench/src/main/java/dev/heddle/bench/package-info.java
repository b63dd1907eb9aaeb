/// Measures the parts, each beside what the machine can do without us in the same run.
/// ```
///   benchmark ──► near node ═══ loopback ═══ far node        what we make of it
///   benchmark ──► socket    ═══ loopback ═══ raw loop        what there is
/// ```
package dev.heddle.bench;
