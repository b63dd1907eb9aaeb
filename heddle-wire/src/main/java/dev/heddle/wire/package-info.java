/// What travels between nodes: frames, messages, connections and the proof of the cluster's secret.
@NullMarked
package dev.heddle.wire;

import org.jspecify.annotations.NullMarked;
