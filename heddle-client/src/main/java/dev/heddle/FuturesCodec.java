package dev.heddle;

import dev.heddle.code.TaskScope;
import dev.heddle.values.ClassResolver;
import dev.heddle.values.Codec;
import dev.heddle.wire.Bulk;
import dev.heddle.wire.Key;
import dev.heddle.wire.Payload;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Codec 2: a list of nothing but futures, which is what a task that needs many others is given. The JDK's
/// serialization takes microseconds for each.
///
/// The header is one byte: 0 for an `ArrayList`, 1 for an unmodifiable list. The only buffer is the keys: of
/// each the length in bytes (16 bits, big-endian) and the text in UTF-8.
public final class FuturesCodec implements Codec {
  private static final int ID = 2;
  private static final byte MUTABLE = 0;
  private static final byte IMMUTABLE = 1;
  private static final Class<?> LIST_12 = List.of(1).getClass();
  private static final Class<?> LIST_N = List.of().getClass();

  /// For `ServiceLoader`.
  public FuturesCodec() {}

  @Override
  public int id() {
    return ID;
  }

  @Override
  public Optional<Payload> encode(@Nullable Object value, ClassResolver classes)
      throws IOException {
    if (!(value instanceof List<?> list) || !isOfFutures(list)) {
      return Optional.empty();
    }
    var keys = new ArrayList<byte[]>(list.size());
    var size = 0;
    for (var item : list) {
      if (!(item instanceof Handle<?> handle)
          || !(Encoding.replacing(handle) instanceof FutureReference.Stored(var key))) {
        throw new InvalidObjectException("no reference to a future: " + item);
      }
      var bytes = key.getBytes(StandardCharsets.UTF_8);
      keys.add(bytes);
      size += Short.BYTES + bytes.length;
    }
    var buffer = ByteBuffer.allocate(size);
    keys.forEach(key -> buffer.putShort((short) key.length).put(key));
    var header = new byte[]{list.getClass() == ArrayList.class ? MUTABLE : IMMUTABLE};
    return Optional.of(new Payload(ID, List.of(), header, List.of(Bulk.of(buffer.array()))));
  }

  /// Whether it is a list of this program's futures, each of them once: what is shared inside a value stays
  /// so.
  private static boolean isOfFutures(List<?> list) {
    var type = list.getClass();
    if (list.isEmpty() || !(list.getFirst() instanceof Handle)
        || (type != ArrayList.class && type != LIST_12 && type != LIST_N)) {
      return false;
    }
    var seen = Collections.newSetFromMap(new IdentityHashMap<>(list.size()));
    for (var item : list) {
      if (!(item instanceof Handle) || !seen.add(item)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Object decode(Payload payload, ClassResolver classes) throws IOException {
    if (payload.header().length != 1 || payload.buffers().size() != 1
        || payload.buffers().getFirst().kind() != Bulk.Kind.BYTE) {
      throw new InvalidObjectException("a list of futures has a header of "
          + payload.header().length + " bytes and " + payload.buffers().size() + " buffers");
    }
    var scope = TaskScope.current().orElseThrow(() -> new InvalidObjectException("a list of futures"
        + " is read outside a task; it makes sense only in the function or argument of one"));
    var futures = new ArrayList<@Nullable Object>();
    var in = payload.buffers().getFirst().segment().asByteBuffer();
    try {
      while (in.hasRemaining()) {
        var bytes = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(bytes);
        var key = Key.of(new String(bytes, StandardCharsets.UTF_8));
        futures.add(new CapturedFuture<@Nullable Object>(key, scope.input(key)));
      }
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw (InvalidObjectException) new InvalidObjectException(
          "a list of futures is damaged: " + e.getMessage()).initCause(e);
    }
    return payload.header()[0] == MUTABLE ? futures : List.of(futures.toArray());
  }
}
