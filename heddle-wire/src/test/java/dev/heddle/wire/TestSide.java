package dev.heddle.wire;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// The writing end of a wire without a link process.
final class TestSide implements LinkWriter.Owner {
  final Outbox outbox;
  final LinkWriter writer;
  final AtomicInteger wakes = new AtomicInteger();
  final List<Throwable> failures = new ArrayList<>();

  TestSide(TestWire wire, Limits limits) {
    outbox = new Outbox(limits, limits);
    writer = new LinkWriter(wire, outbox, this);
  }

  @Override
  public void wake() {
    wakes.incrementAndGet();
  }

  @Override
  public void broken(IOException e) {
    failures.add(e);
  }

  @Override
  public void defect(Throwable e) {
    failures.add(e);
  }

  @Override
  public void abandoned(OutboundTransfer transfer, String reason) {
    failures.add(new IOException(reason));
  }
}
