package dev.heddle.worker;

/// A value that stands for one: another object on each worker.
record SimulatedValue(long number, long sizeBytes) implements Value {
  @Override
  public String type() {
    return "simulated";
  }
}
