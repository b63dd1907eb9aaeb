package dev.heddle.worker;

/// A value that stands for one.
record SimulatedValue(long number, long sizeBytes) implements Value {
  @Override
  public String type() {
    return "simulated";
  }
}
