package dev.heddle.values;

import dev.heddle.wire.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Codec 1: any graph of serializable objects, by JDK serialization. Its large arrays and strings
/// and its buffers go beside the header ([ValueOutputStream]).
final class JdkCodec implements Codec {
  static final int ID = 1;

  private final ValueLimits limits;

  JdkCodec(ValueLimits limits) {
    this.limits = limits;
  }

  @Override
  public int id() {
    return ID;
  }

  @Override
  public Optional<Payload> encode(@Nullable Object value, ClassResolver classes)
      throws IOException {
    var header = new ByteArrayOutputStream(512);
    try (var out = new ValueOutputStream(header, classes)) {
      out.writeObject(value);
      out.flush();
      return Optional
          .of(new Payload(ID, out.codeBases(), header.toByteArray(), out.buffers()));
    }
  }

  @Override
  public @Nullable Object decode(Payload payload, ClassResolver classes)
      throws IOException, ClassNotFoundException {
    if (payload.header().length > limits.headerBytesMax()) {
      throw new InvalidObjectException(payload.header().length
          + " serialized bytes, the limit is " + limits.headerBytesMax()
          + " (headerBytesMax); split the value, or raise the limit on this node");
    }
    var filter = new SerialFilter(limits, payload.header().length);
    try (var in = new ValueInputStream(payload, classes, filter)) {
      var value = in.readObject();
      if (in.read() != -1) {
        throw new InvalidObjectException("bytes follow the value; the header is damaged");
      }
      return value;
    } catch (IOException e) {
      if (filter.refusal().isPresent()) {
        throw new InvalidObjectException(filter.refusal().get(), e);
      }
      throw e;
    }
  }
}
