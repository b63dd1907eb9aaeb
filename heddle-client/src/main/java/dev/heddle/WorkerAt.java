package dev.heddle;

import dev.heddle.wire.Address;
import dev.heddle.wire.WorkerId;

/// A worker that has values, and where.
record WorkerAt(WorkerId id, Address address, String host) {}
