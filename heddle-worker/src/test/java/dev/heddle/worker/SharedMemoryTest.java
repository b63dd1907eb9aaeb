package dev.heddle.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.wire.ContentHash;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Datum;
import dev.heddle.wire.Message.Datum.Placed;
import dev.heddle.wire.WorkerId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SharedMemoryTest {
  private static final WorkerId OWNER = new WorkerId("owner", 1);
  private static final WorkerId ASKER = new WorkerId("asker", 2);
  private static final Key X = Key.of("x");
  private static final int MIB = 1 << 20;

  @TempDir
  private Path filesystem;
  private final NodeCode code = new NodeCode("test");
  private final Near connection = new Near();
  private final AtomicLong clock = new AtomicLong();
  private SharedMemory owner;
  private SharedMemory asker;

  @BeforeEach
  void open() {
    owner = SharedMemory.open(filesystem, OWNER, 4 * MIB, clock::get);
    asker = SharedMemory.open(filesystem, ASKER, 4 * MIB, clock::get);
    connection.to(owner);
  }

  @AfterEach
  void close() {
    owner.close();
    asker.close();
    code.close();
  }

  private static StoredValue value(Object object, long sizeBytes) {
    return StoredValue.made(object, sizeBytes, Set.of(), new Object());
  }

  private Optional<Placed> ask(StoredValue value) {
    owner.asked(connection, near().map(NearPeer::token));
    return owner.handOver(connection, value, code);
  }

  private Optional<NearPeer> near() {
    asker.look(connection, OWNER);
    return asker.peer(connection);
  }

  private Object take(Placed placed) throws IOException {
    var data = near().orElseThrow().taken(new Message.Data(Map.of(X, placed)));
    if (!(data.values().get(X) instanceof Datum.Found(var payload))) {
      throw new AssertionError("not whole: " + data);
    }
    return Objects.requireNonNull(code.values().decode(payload));
  }

  private static double[] numbers(int bytes, double first) {
    var numbers = new double[bytes / Double.BYTES];
    for (var i = 0; i < numbers.length; i++) {
      numbers[i] = first + i;
    }
    return numbers;
  }

  private List<String> segments() {
    try (var files = Files
        .list(SharedDirectory.of(SharedDirectory.rootIn(filesystem), OWNER))) {
      return files.map(file -> file.getFileName().toString())
          .filter(name -> name.matches("[0-9]+")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void anArrayGoesOverAndItsSegmentIsUsedAgain() throws IOException {
    for (var i = 0; i < 10; i++) {
      var array = numbers(MIB, i);
      assertThat(take(ask(value(array, MIB)).orElseThrow())).isEqualTo(array);
    }
    assertThat(segments()).containsExactly("1");
    assertThat(owner.sharedBytes()).isEqualTo(MIB);
  }

  @Test
  void memoryThatNobodyUsesIsGivenBackAfterAWhile() throws IOException {
    assertThat(take(ask(value(numbers(MIB, 1), MIB)).orElseThrow())).isEqualTo(numbers(MIB, 1));
    clock.addAndGet(SharedPool.KEPT_NANOS - 1);
    owner.trim();
    assertThat(owner.sharedBytes()).isEqualTo(MIB);
    clock.incrementAndGet();
    owner.trim();
    assertThat(owner.sharedBytes()).isZero();
    assertThat(segments()).isEmpty();
    assertThat(take(ask(value(numbers(MIB, 2), MIB)).orElseThrow())).isEqualTo(numbers(MIB, 2));
  }

  @Test
  void partsOfAllKindsGoOver() throws IOException {
    var parts = List.of(new byte[100_000], "é".repeat(100_000), new long[50_000], "small",
        new int[]{1, 2});
    assertThat(take(ask(value(parts, MIB)).orElseThrow())).usingRecursiveComparison()
        .isEqualTo(parts);
  }

  @Test
  void aSmallValueIsSent() {
    assertThat(ask(value(new byte[1000], 1000))).isEmpty();
  }

  @Test
  void aValueThatIsAskedForAgainIsNotCopiedAgain() throws IOException {
    var array = numbers(MIB, 0);
    var value = value(array, MIB);
    assertThat(take(ask(value).orElseThrow())).isEqualTo(array);
    array[0] = -1; // Not seen: what is handed over is the copy from before.
    assertThat(take(ask(value).orElseThrow())).isNotEqualTo(array);
  }

  @Test
  void aValueWhoseSegmentIsAnothersByNowIsCopiedAgain() throws IOException {
    var first = value(numbers(MIB, 1), MIB);
    take(ask(first).orElseThrow());
    take(ask(value(numbers(MIB, 2), MIB)).orElseThrow());
    assertThat(take(ask(first).orElseThrow())).isEqualTo(numbers(MIB, 1));
    assertThat(segments()).hasSize(1);
  }

  @Test
  void aSegmentIsLetGoWhenNothingRefersToItAnyMore() throws Exception {
    useAView();
    while (asker.sharedBytes() > 0) {
      System.gc();
      Thread.onSpinWait();
    }
    take(ask(value(numbers(MIB, 7), MIB)).orElseThrow());
    assertThat(segments()).hasSize(2);
  }

  private void useAView() throws IOException {
    var memory = (MemorySegment) take(
        ask(value(MemorySegment.ofArray(numbers(MIB, 5)), MIB)).orElseThrow());
    var part = memory.asSlice(16).asByteBuffer().order(ByteOrder.nativeOrder()).slice();
    assertThat(memory.isReadOnly()).isTrue();
    assertThat(asker.sharedBytes()).isEqualTo(MIB);
    take(ask(value(numbers(MIB, 6), MIB)).orElseThrow());
    System.gc(); // The part alone is reason enough.
    take(ask(value(numbers(MIB, 6), MIB)).orElseThrow());
    assertThat(segments()).hasSize(2);
    assertThat(part.order(ByteOrder.nativeOrder()).getDouble(8)).isEqualTo(8);
  }

  @Test
  void whatIsHeldIsNotUsedAgainAndWithoutRoomValuesAreSent() {
    for (var i = 0; i < 4; i++) {
      assertThat(ask(value(numbers(MIB, i), MIB))).isPresent();
    }
    assertThat(ask(value(numbers(MIB, 4), MIB))).isEmpty();
    assertThat(owner.sharedBytes()).isEqualTo(4 * MIB);
  }

  @Test
  void segmentsOfAnotherSizeMakeRoom() throws IOException {
    for (var i = 0; i < 2; i++) {
      take(ask(value(numbers(MIB, i), MIB)).orElseThrow());
    }
    var large = numbers(4 * MIB, 9);
    assertThat(take(ask(value(large, 4 * MIB)).orElseThrow())).isEqualTo(large);
    assertThat(owner.sharedBytes()).isEqualTo(4 * MIB);
    assertThat(segments()).containsExactly("2");
  }

  @Test
  void whatALostAskerHeldIsNeverUsedAgainButRemoved() throws IOException {
    var memory = take(ask(value(MemorySegment.ofArray(numbers(MIB, 5)), MIB)).orElseThrow());
    connection.lose(owner, asker);
    assertThat(segments()).isEmpty();
    assertThat(owner.sharedBytes()).isZero();
    assertThat(((MemorySegment) memory).getAtIndex(ValueLayout.JAVA_DOUBLE, 0)).isEqualTo(5);
    assertThat(owner.handOver(connection, value(numbers(MIB, 0), MIB), code)).isEmpty();
  }

  @Test
  void whatIsMappedStaysWhenTheOwnerEnds() throws IOException {
    var memory = take(ask(value(MemorySegment.ofArray(numbers(MIB, 5)), MIB)).orElseThrow());
    owner.close();
    assertThat(((MemorySegment) memory).getAtIndex(ValueLayout.JAVA_DOUBLE, 0)).isEqualTo(5);
    assertThat(SharedDirectory.of(SharedDirectory.rootIn(filesystem), OWNER)).doesNotExist();
  }

  @Test
  void nothingIsHandedToWhoeverDoesNotSeeTheDirectory() {
    owner.asked(connection, Optional.of(ContentHash.of("a guess".getBytes(UTF_8))));
    assertThat(owner.handOver(connection, value(numbers(MIB, 0), MIB), code)).isEmpty();
    asker.look(connection, new WorkerId("elsewhere", 3));
    assertThat(asker.peer(connection)).isEmpty();
  }

  @Test
  void valuesAreSentWhenTheFileSystemTakesNoSegment() throws IOException {
    assertThat(near()).isPresent();
    var directory = SharedDirectory.of(SharedDirectory.rootIn(filesystem), OWNER);
    Files.move(directory, filesystem.resolve("away"));
    assertThat(ask(value(numbers(MIB, 0), MIB))).isEmpty();
    assertThat(owner.sharedBytes()).isZero();
  }

  @Test
  void whatATaskAllocatedIsHandedOverWhereItIs() throws IOException {
    var memory = owner.allocate(MIB).orElseThrow();
    memory.setAtIndex(ValueLayout.JAVA_DOUBLE, 1, 42);
    var placed = ask(value(memory.asSlice(8), MIB)).orElseThrow();
    assertThat(take(placed)).isInstanceOfSatisfying(MemorySegment.class, taken -> {
      assertThat(taken.byteSize()).isEqualTo(MIB - 8);
      memory.setAtIndex(ValueLayout.JAVA_DOUBLE, 1, 43); // The very same memory.
      assertThat(taken.getAtIndex(ValueLayout.JAVA_DOUBLE, 0)).isEqualTo(43);
    });
    assertThat(segments()).containsExactly("1");
  }

  @Test
  void onlyTheUserSeesADirectory() throws IOException {
    assertThat(ask(value(numbers(MIB, 0), MIB))).isPresent();
    var root = SharedDirectory.rootIn(filesystem);
    assertThat(permissions(root)).isEqualTo("rwx------");
    assertThat(permissions(SharedDirectory.of(root, OWNER))).isEqualTo("rwx------");
    for (var file : List.of("token", "lock", "1")) {
      assertThat(permissions(SharedDirectory.of(root, OWNER).resolve(file)))
          .isEqualTo("rw-------");
    }
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void aDirectoryThatOthersCanEnterIsNotUsed() throws IOException {
    var root = SharedDirectory.rootIn(filesystem);
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    var refused = SharedMemory.open(filesystem, new WorkerId("third", 3), MIB, clock::get);
    assertThat(refused.allocate(MIB)).isEmpty();
  }

  @Test
  void whatBelongsToNobodyIsRemovedByWhoeverStartsNext() throws IOException {
    var root = SharedDirectory.rootIn(filesystem);
    var orphan = Files.createDirectory(root.resolve("00000000000000ff"));
    for (var file : List.of("lock", "token", "7")) {
      Files.writeString(orphan.resolve(file), "left behind");
    }
    try (var third = SharedMemory.open(filesystem, new WorkerId("third", 3), MIB, clock::get)) {
      assertThat(third.sharedBytes()).isZero();
      assertThat(orphan).doesNotExist();
      assertThat(ask(value(numbers(MIB, 0), MIB))).isPresent();
    }
  }

  @Test
  void whatAnotherWorkerOfThisProcessIsAboutToRemoveIsLeftToIt() throws IOException {
    var root = SharedDirectory.rootIn(filesystem);
    var orphan = Files.createDirectory(root.resolve("00000000000000ff"));
    var lock = Files.writeString(orphan.resolve("lock"), "left behind");
    try (var file = FileChannel.open(lock, StandardOpenOption.WRITE);
        var taken = file.tryLock();
        var third = SharedMemory.open(filesystem, new WorkerId("third", 3), MIB, clock::get)) {
      assertThat(taken.isValid()).isTrue();
      assertThat(third.allocate(10)).isPresent();
      assertThat(orphan).exists();
    }
  }

  @Test
  void withoutRoomForOneValueThereIsNone() {
    assertThat(SharedMemory.open(filesystem, OWNER, 1000, clock::get).allocate(10)).isEmpty();
  }
}
