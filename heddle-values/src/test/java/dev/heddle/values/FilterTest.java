package dev.heddle.values;

import static dev.heddle.values.Fixtures.CLASSES;
import static dev.heddle.values.Fixtures.VALUES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.wire.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamConstants;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {
  record Mine(int x) implements Serializable {}

  private static Values with(ValueLimits limits) {
    return new Values(CLASSES, limits, List.of());
  }

  private static ValueLimits limits(int depth, long references, long array, long bytes) {
    return new ValueLimits(depth, references, array, bytes, "");
  }

  /// What a hostile sender writes: a class description that our own writer would not make.
  private static Payload claiming(String className) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var stream = new ObjectOutputStream(out) {
      @Override
      protected void annotateClass(Class<?> type) throws IOException {
        writeByte(0);
      }

      @Override
      protected void writeClassDescriptor(ObjectStreamClass type) throws IOException {
        writeUTF(className);
        writeLong(0);
        writeByte(ObjectStreamConstants.SC_SERIALIZABLE);
        writeShort(0);
      }
    }) {
      stream.writeObject(new Mine(1));
    }
    return new Payload(JdkCodec.ID, List.of(), out.toByteArray(), List.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"javax.management.BadAttributeValueExpException",
      "java.rmi.server.UnicastRemoteObject", "java.rmi.RemoteException",
      "javax.naming.NamingException", "java.beans.EventHandler", "java.security.SignedObject",
      "javax.swing.JLabel", "sun.nio.fs.UnixPath", "java.lang.invoke.MethodHandles$Lookup"})
  void dangerousClassesOfTheJdkAreRefusedByName(String name) throws IOException {
    var payload = claiming(name);
    assertThatThrownBy(() -> VALUES.decode(payload)).isInstanceOf(UndecodableValueException.class)
        .hasMessageContaining("refused: the class " + name)
        .hasMessageContaining("HEDDLE_SERIAL_FILTER='" + name + "'");
  }

  @Test
  void patternsDecideBeforeOurOwnRules() throws IOException {
    var point = new java.awt.Point(1, 2);
    var payload = VALUES.encode(point);
    assertThatThrownBy(() -> VALUES.decode(payload)).hasMessageContaining("java.awt.Point");
    assertThat(with(ValueLimits.defaults().withClassFilter("java.awt.*")).decode(payload))
        .isEqualTo(point);
    var mine = VALUES.encode(new Mine(3));
    assertThatThrownBy(() -> with(ValueLimits.ofEnvironment(
        Map.of("HEDDLE_SERIAL_FILTER", "!dev.heddle.values.FilterTest*"))).decode(mine))
        .hasMessageContaining("the class filter '!dev.heddle.values.FilterTest*' excludes "
            + Mine.class.getName())
        .hasMessageContaining("change HEDDLE_SERIAL_FILTER");
  }

  @Test
  void aFilterThatIsNoneIsRefusedAtOnce() {
    assertThatThrownBy(() -> ValueLimits.defaults().withClassFilter("maxdepth=x"))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("maxdepth=x");
  }

  @Test
  void eachLimitNamesItself() {
    var nested = VALUES.encode(new Object[]{new Object[]{new Object[]{new Mine(1)}}});
    assertThatThrownBy(() -> with(limits(3, 1000, 1000, 1000)).decode(nested))
        .hasMessageContaining("more than 3 deep (depthMax)");
    var many = VALUES.encode(new HashMap<>(Map.of(1, 2, 3, 4, 5, 6, 7, 8)));
    assertThatThrownBy(() -> with(limits(30, 5, 1000, 1000)).decode(many))
        .hasMessageContaining("more than 5 objects (referencesMax)");
    var wide = VALUES.encode(new Object[500]);
    assertThatThrownBy(() -> with(limits(30, 1000, 499, 10000)).decode(wide))
        .hasMessageContaining("an array of 500 elements; the limit is 499 (arrayLengthMax)");
    assertThatThrownBy(() -> with(limits(30, 1000, 1000, 100)).decode(wide))
        .hasMessageContaining("the limit is 100 (headerBytesMax)");
  }

  @Test
  void anArrayLongerThanItsBytesIsNeverAllocated() {
    var payload = VALUES.encode(new Object[]{"only one"});
    var header = payload.header();
    var found = 0;
    for (var i = 0; i < header.length - 4; i++) {
      // The length, after the end of the class description and its null super class.
      if (header[i] == ObjectStreamConstants.TC_ENDBLOCKDATA
          && header[i + 1] == ObjectStreamConstants.TC_NULL && header[i + 5] == 1) {
        header[i + 2] = 3;
        found++;
      }
    }
    assertThat(found).isEqualTo(1);
    assertThatThrownBy(() -> VALUES.decode(payload))
        .hasMessageContaining("claims an array of 50331649 elements");
  }

  @Test
  void collectionsThatGrowTheirTablesWhenReadAreNotMistakenForClaims() {
    for (var size : List.of(0, 1, 3, 12, 13, 100, 1000)) {
      var numbers = new ArrayList<Integer>();
      for (var i = 0; i < size; i++) {
        numbers.add(i);
      }
      var map = new HashMap<Integer, Object>();
      numbers.forEach(n -> map.put(n, n));
      var names = new Properties();
      var identity = new IdentityHashMap<String, Object>();
      numbers.forEach(n -> names.setProperty("n" + n, ""));
      numbers.forEach(n -> identity.put("n" + n, n));
      assertThat(Fixtures.sent(identity, IdentityHashMap.class).size()).isEqualTo(size);
      assertThat(Fixtures.roundTrip(names)).isEqualTo(names);
      for (var value : List.of(map, new ConcurrentHashMap<>(map), new BitSet(size),
          new HashSet<>(numbers), new ArrayDeque<>(numbers), new PriorityQueue<>(numbers),
          new HashMap<>(1 << 16), new ConcurrentLinkedQueue<>(numbers),
          new ArrayBlockingQueue<Integer>(size + 5000), new LinkedHashMap<>(1 << 14, 0.01f))) {
        assertThat(String.valueOf(Fixtures.roundTrip(value))).isEqualTo(value.toString());
      }
    }
  }

  @Test
  void aDamagedStreamIsAnErrorAndNothingElse() {
    var whole = VALUES.encode(new HashMap<>(Map.of("k", new Mine(1), "l", List.of(new Mine(2)))));
    for (var i = 0; i < whole.header().length; i++) {
      for (var change : new int[]{1, 0x40, 0xFF}) {
        var header = whole.header().clone();
        header[i] ^= (byte) change;
        readOrRefuse(new Payload(JdkCodec.ID, whole.codeBases(), header, List.of()));
      }
      readOrRefuse(new Payload(JdkCodec.ID, whole.codeBases(),
          Arrays.copyOf(whole.header(), i), List.of()));
    }
  }

  private static void readOrRefuse(Payload payload) {
    try {
      VALUES.decode(payload);
    } catch (UndecodableValueException e) {
      assertThat(e).hasMessageContaining("cannot be read here");
    }
  }
}
