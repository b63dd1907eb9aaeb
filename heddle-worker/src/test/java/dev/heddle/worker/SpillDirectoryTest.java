package dev.heddle.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.wire.Bulk;
import dev.heddle.wire.Key;
import dev.heddle.wire.Payload;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpillDirectoryTest {
  private static final Key X = Key.of("x-17");
  private static final Key Y = Key.of("ÿ");

  @TempDir
  Path parent;
  private Path base = Path.of("");
  private SpillDirectory directory = new SpillDirectory(base, "", 0, 1);

  @BeforeEach
  void begin() {
    base = parent.resolve("spill");
    directory = new SpillDirectory(base, "worker one/1", 0xabc, 1L << 40);
  }

  @AfterEach
  void end() {
    directory.close();
  }

  /// A value with a header and a buffer of each kind, of random bytes or of equal ones.
  private static Payload payload(int bytes, boolean random) {
    var numbers = new Random(bytes);
    var buffers = new ArrayList<Bulk>();
    for (var kind : Bulk.Kind.values()) {
      var bulk = kind.allocate(bytes / kind.elementBytes() * (long) kind.elementBytes());
      for (var at = 0L; random && at < bulk.sizeBytes(); at++) {
        bulk.segment().set(ValueLayout.JAVA_BYTE, at, (byte) numbers.nextInt());
      }
      buffers.add(bulk);
    }
    var header = new byte[bytes % 1000];
    numbers.nextBytes(header);
    return new Payload(7, List.of(), header, buffers);
  }

  private static void assertSame(Payload read, Payload written) {
    assertThat(read.codec()).isEqualTo(written.codec());
    assertThat(read.codeBases()).isEqualTo(written.codeBases());
    assertThat(read.header()).isEqualTo(written.header());
    assertThat(read.buffers()).hasSameSizeAs(written.buffers());
    for (var i = 0; i < read.buffers().size(); i++) {
      assertThat(read.buffers().get(i).kind()).isEqualTo(written.buffers().get(i).kind());
      assertThat(MemorySegment.mismatch(read.buffers().get(i).segment(), 0,
          read.buffers().get(i).sizeBytes(), written.buffers().get(i).segment(), 0,
          written.buffers().get(i).sizeBytes())).isEqualTo(-1);
    }
  }

  private Spilled write(Key key, Payload payload) throws IOException {
    try (var writer = directory.writer(payload.sizeBytes())) {
      var spilled = writer.add(key, payload);
      writer.complete();
      return spilled;
    }
  }

  private List<Path> files() throws IOException {
    try (var all = Files.walk(base)) {
      return all.filter(each -> each.toString().matches(".*\\.(values|part)")).toList();
    }
  }

  private Path own() throws IOException {
    return java.util.Objects.requireNonNull(files().getFirst().getParent());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1_000, 262_143, 262_144, 1_000_003})
  void whatIsReadIsWhatWasWritten(int bytes) throws IOException {
    for (var random : List.of(true, false)) {
      var payload = payload(bytes, random);
      assertSame(write(X, payload).read(), payload);
    }
  }

  @Test
  void anInterruptDoesNotMakeAFileUnreadable() throws IOException {
    var payload = payload(1_000_003, true);
    var spilled = write(X, payload);
    Thread.currentThread().interrupt();
    var read = spilled.read();
    assertThat(Thread.interrupted()).isTrue();
    assertSame(read, payload);
  }

  @Test
  void severalValuesShareAFileUntilTheLastIsForgotten() throws IOException {
    var first = payload(300_000, true);
    var second = payload(10, true);
    List<Spilled> spilled;
    try (var writer = directory.writer(1)) {
      spilled = List.of(writer.add(X, first), writer.add(Y, second));
      writer.complete();
    }
    assertSame(spilled.get(1).read(), second);
    assertSame(spilled.get(0).read(), first);
    assertThat(files()).hasSize(1);
    assertThat(directory.usedBytes()).isEqualTo(Files.size(files().getFirst()));
    assertThat(spilled.get(0).forget()).isEmpty();
    assertThat(spilled.get(0).forget()).isEmpty();
    assertSame(spilled.get(1).read(), second);
    spilled.get(1).forget().orElseThrow().run();
    assertThat(files()).isEmpty();
    assertThat(directory.usedBytes()).isZero();
  }

  @Test
  void whatCompressesWellIsCompressedWhereTheDiskIsSlow() throws IOException {
    var payload = payload(200_000, false);
    var slow = new Compression();
    slow.wrote(1 << 20, 1_000_000_000);
    var fast = new Compression();
    fast.wrote(1 << 20, 1);
    assertThat(slow.paysFor(payload)).isTrue();
    assertThat(fast.paysFor(payload)).isFalse();
    assertThat(slow.paysFor(payload(200_000, true))).isFalse();
    assertThat(new Compression().paysFor(payload)).isFalse();
    try (var writer = new SpillWriter(
        new SpillFile(parent.resolve("1.values"), new java.util.concurrent.atomic.AtomicLong()),
        parent.resolve("1.part"), slow)) {
      var spilled = writer.add(X, payload);
      writer.complete();
      assertSame(spilled.read(), payload);
      assertThat(spilled.diskBytes()).isLessThan(payload.sizeBytes() / 10);
    }
  }

  @Test
  void anyByteThatChangesIsNoticed() throws IOException {
    for (var slow : List.of(false, true)) {
      var compression = new Compression();
      compression.wrote(1 << 20, slow ? 1_000_000_000 : 1);
      var path = parent.resolve(slow + ".values");
      Spilled spilled;
      try (var writer = new SpillWriter(
          new SpillFile(path, new java.util.concurrent.atomic.AtomicLong()),
          parent.resolve(slow + ".part"), compression)) {
        spilled = writer.add(X, payload(20_003, false));
        writer.complete();
      }
      var good = Files.readAllBytes(path);
      for (var at = SpillFile.START_BYTES; at < good.length; at += 1 + at / 50) {
        var bad = good.clone();
        bad[at] ^= 0x10;
        Files.write(path, bad);
        assertThatThrownBy(spilled::read).as("byte " + at).isInstanceOf(SpillException.class)
            .hasMessageContaining("'x-17'").hasMessageContaining(path.toString());
      }
      Files.write(path, java.util.Arrays.copyOf(good, good.length - 1));
      assertThatThrownBy(spilled::read).hasMessageContaining("too short");
      Files.delete(path);
      assertThatThrownBy(spilled::read).isInstanceOf(SpillException.class)
          .hasMessageContaining("NoSuchFile");
    }
  }

  @Test
  void whatIsNotCompletedLeavesNothing() throws IOException {
    try (var writer = directory.writer(1)) {
      writer.add(X, payload(1_000, true));
    }
    assertThat(files()).isEmpty();
    assertThat(directory.usedBytes()).isZero();
  }

  @Test
  void itTakesNoMoreThanItMay() throws IOException {
    var small = new SpillDirectory(base, "small", 1, 100_000);
    try (var writer = small.writer(90_000)) {
      writer.add(X, payload(10_000, true));
      writer.complete();
    }
    assertThatThrownBy(() -> small.writer(90_000)).isInstanceOf(SpillException.class)
        .hasMessageContaining("--spill-limit").hasMessageContaining("97 KiB");
    small.close();
    assertThatThrownBy(() -> directory.writer(1L << 39)).hasMessageContaining("left");
  }

  @Test
  void filesAreNobodyElsesToRead() throws IOException {
    write(X, payload(10, true));
    for (var path : List.of(own(), base)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void whatADeadWorkerLeftIsRemovedAndALivingOnesIsNot() throws IOException {
    write(X, payload(10, true));
    var dead = Files.createDirectory(base.resolve("heddle-1-dead-1"));
    Files.createFile(dead.resolve("lock"));
    Files.write(dead.resolve("1.values"), new byte[10]);
    var others = Files.createDirectory(base.resolve("something else"));
    var other = new SpillDirectory(base, "other", 2, 1 << 20);
    other.removeOthersRemains();
    assertThat(dead).doesNotExist();
    assertThat(others).exists();
    assertThat(files()).hasSize(1);
  }

  @Test
  void itEndsWithItsFiles() throws IOException {
    var spilled = write(X, payload(10, true));
    directory.close();
    assertThat(files()).isEmpty();
    assertThatThrownBy(spilled::read).isInstanceOf(SpillException.class);
    assertThatThrownBy(() -> directory.writer(1)).hasMessageContaining("has ended");
  }

  @Test
  void aDirectoryThatSomebodyRemovedIsMadeAgain() throws IOException {
    var spilled = write(X, payload(10, true));
    var own = own();
    for (var file : List.of(files().getFirst(), own.resolve("lock"), own)) {
      Files.delete(file);
    }
    assertThatThrownBy(spilled::read).isInstanceOf(SpillException.class);
    var payload = payload(20, true);
    assertSame(write(Y, payload).read(), payload);
  }

  @Test
  void aPlaceThatCannotBeUsedIsNamed() throws IOException {
    Files.createFile(base);
    assertThatThrownBy(() -> directory.check()).isInstanceOf(IOException.class)
        .hasMessageContaining(base.toString()).hasMessageContaining("--spill-directory");
  }
}
