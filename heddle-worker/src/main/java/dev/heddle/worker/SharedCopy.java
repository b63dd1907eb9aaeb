package dev.heddle.worker;

import dev.heddle.wire.Message.Datum.Place;
import dev.heddle.wire.Payload;
import java.util.List;

/// Where a value is in shared memory: for as long as the segment has this generation.
///
/// @param rest the value without what is in the segment
record SharedCopy(SharedSegment segment, long generation, Payload rest, List<Place> places) {}
