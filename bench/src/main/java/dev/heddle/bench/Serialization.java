package dev.heddle.bench;

import dev.heddle.code.CodeBases;
import dev.heddle.code.Task1;
import dev.heddle.values.ClassResolver;
import dev.heddle.values.Values;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// A value to its payload and back, beside plain Java serialization to a byte array and back.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class Serialization {
  record Point(String name, double x, double y) implements Serializable {}

  @Param({"INTEGER", "STRING_65", "RECORD", "LAMBDA", "LIST_1000", "DOUBLES_1M"})
  public Sample sample;

  private final Values values = new Values(resolver());
  private Object value;

  /// What is serialized.
  public enum Sample {
    INTEGER, STRING_65, RECORD, LAMBDA, LIST_1000, DOUBLES_1M;

    Object value() {
      return switch (this) {
        case INTEGER -> 123_456;
        case STRING_65 -> "x".repeat(65);
        case RECORD -> new Point("origin", 1, 2);
        case LAMBDA -> adder(10);
        case LIST_1000 -> java.util.stream.IntStream.range(0, 1_000)
            .mapToObj(i -> Map.entry("key-" + i, (long) i))
            .map(e -> List.of(e.getKey(), e.getValue()))
            .toList();
        case DOUBLES_1M -> new double[1 << 20];
      };
    }
  }

  private static Task1<Integer, Integer> adder(int amount) {
    return x -> x + amount;
  }

  private static ClassResolver resolver() {
    var code = new CodeBases();
    return ClassResolver.of(code::codeBaseOf, code::load);
  }

  @Setup
  public void make() {
    value = sample.value();
  }

  @Benchmark
  public Object heddle() {
    return values.decode(values.encode(value));
  }

  @Benchmark
  public Object java() throws IOException, ClassNotFoundException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    }
  }
}
