package dev.heddle.values;

import dev.heddle.wire.Bulk;
import dev.heddle.wire.Payload;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Codec 0: values that need no class of anybody's, in a format that any language can read.
///
/// The header is one value: a [PlainTag] (one byte) and what the tag says, all numbers
/// little-endian. A large array or string, and any buffer, is [PlainTag#PART], its [Part.Form] (one
/// byte), and the payload's only buffer.
final class PlainCodec implements Codec {
  static final int ID = 0;
  /// Longer lists go to the JDK's serialization, which shares what is in them twice.
  static final int LIST_LENGTH_MAX = 4096;

  private static final Class<?> LIST_12 = List.of(1).getClass();
  private static final Class<?> LIST_N = List.of().getClass();

  @Override
  public int id() {
    return ID;
  }

  @Override
  public Optional<Payload> encode(@Nullable Object value, ClassResolver classes) {
    var scalar = PlainScalars.encode(value);
    if (scalar != null) {
      return Optional.of(new Payload(ID, List.of(), scalar, List.of()));
    }
    var part = Part.of(value);
    if (part.isPresent()) {
      var header = new byte[]{PlainTag.PART.code(), part.get().form().code()};
      return Optional.of(new Payload(ID, List.of(), header, List.of(part.get().bulk())));
    }
    if (!isPlain(value)) {
      return Optional.empty();
    }
    var out = new PlainWriter();
    write(out, value);
    return Optional.of(new Payload(ID, List.of(), out.bytes(), List.of()));
  }

  private static boolean isPlain(@Nullable Object value) {
    return isScalar(value) || switch (value) {
      case byte[] _,boolean[] _,short[] _,char[] _,int[] _,long[] _,float[] _,double[] _ ->
        true;
      case List<?> list when isPlainList(list) -> true;
      case null, default -> false;
    };
  }

  private static boolean isPlainList(List<?> list) {
    return (list.getClass() == ArrayList.class || isImmutable(list))
        && list.size() <= LIST_LENGTH_MAX && list.stream().allMatch(PlainCodec::isScalar);
  }

  private static boolean isImmutable(List<?> list) {
    return list.getClass() == LIST_12 || list.getClass() == LIST_N;
  }

  /// Whether it stays in the header and two equal ones need not be told apart.
  private static boolean isScalar(@Nullable Object value) {
    return switch (value) {
      case null -> true;
      case Boolean _,Byte _,Short _,Character _,Integer _,Long _,Float _,Double _ -> true;
      case String s -> s.length() < Part.BYTES_MIN;
      case BigInteger n -> n.getClass() == BigInteger.class;
      case BigDecimal n -> n.getClass() == BigDecimal.class;
      default -> false;
    };
  }

  private static void write(PlainWriter out, @Nullable Object value) {
    switch (value) {
      case null -> out.tag(PlainTag.NULL);
      case Boolean b -> out.tag(b ? PlainTag.TRUE : PlainTag.FALSE);
      case Byte n -> out.tag(PlainTag.BYTE).put(1).put(n);
      case Short n -> out.tag(PlainTag.SHORT).put(2).putShort(n);
      case Character c -> out.tag(PlainTag.CHARACTER).put(2).putChar(c);
      case Integer n -> out.tag(PlainTag.INTEGER).put(4).putInt(n);
      case Long n -> out.tag(PlainTag.LONG).put(8).putLong(n);
      case Float n -> out.tag(PlainTag.FLOAT).put(4).putFloat(n);
      case Double n -> out.tag(PlainTag.DOUBLE).put(8).putDouble(n);
      case String s -> writeText(out, s);
      case BigInteger n -> out.sized(PlainTag.BIG_INTEGER, n.toByteArray());
      case BigDecimal n -> {
        out.tag(PlainTag.BIG_DECIMAL).put(4).putInt(n.scale());
        out.sized(PlainTag.BIG_INTEGER, n.unscaledValue().toByteArray());
      }
      case byte[] a -> out.sized(PlainTag.BYTES, a);
      case boolean[] a -> out.sized(PlainTag.BOOLEANS, Part.bytes(a));
      case short[] a -> out.array(PlainTag.SHORTS, a.length, 2).asShortBuffer().put(a);
      case char[] a -> out.array(PlainTag.CHARACTERS, a.length, 2).asCharBuffer().put(a);
      case int[] a -> out.array(PlainTag.INTEGERS, a.length, 4).asIntBuffer().put(a);
      case long[] a -> out.array(PlainTag.LONGS, a.length, 8).asLongBuffer().put(a);
      case float[] a -> out.array(PlainTag.FLOATS, a.length, 4).asFloatBuffer().put(a);
      case double[] a -> out.array(PlainTag.DOUBLES, a.length, 8).asDoubleBuffer().put(a);
      case List<?> list -> {
        out.tag(isImmutable(list) ? PlainTag.IMMUTABLE_LIST : PlainTag.LIST).put(4)
            .putInt(list.size());
        list.forEach(item -> write(out, item));
      }
      default -> throw new AssertionError(value.getClass() + " is not plain");
    }
  }

  private static void writeText(PlainWriter out, String text) {
    var chars = text.toCharArray();
    for (var c : chars) {
      if (c > 0xFF) {
        out.array(PlainTag.UTF16, chars.length, 2).asCharBuffer().put(chars);
        return;
      }
    }
    var bytes = out.array(PlainTag.LATIN1, chars.length, 1);
    for (var c : chars) {
      bytes.put((byte) c);
    }
  }

  @Override
  public @Nullable Object decode(Payload payload, ClassResolver classes) throws IOException {
    var scalar = PlainScalars.decode(payload.header());
    if (scalar != null) {
      return scalar;
    }
    var in = new PlainReader(payload.header());
    var value = read(in, payload.buffers(), true);
    in.end();
    return value;
  }

  private static @Nullable Object read(PlainReader in, List<Bulk> buffers, boolean outermost)
      throws IOException {
    return switch (in.tag()) {
      case NULL -> null;
      case FALSE -> false;
      case TRUE -> true;
      case BYTE -> in.get(1).get();
      case SHORT -> in.get(2).getShort();
      case CHARACTER -> in.get(2).getChar();
      case INTEGER -> in.get(4).getInt();
      case LONG -> in.get(8).getLong();
      case FLOAT -> in.get(4).getFloat();
      case DOUBLE -> in.get(8).getDouble();
      case LATIN1 -> in.latin1();
      case UTF16 -> in.elements(2).asCharBuffer().toString();
      case BIG_INTEGER -> in.bigInteger();
      case BIG_DECIMAL -> {
        var scale = in.get(4).getInt();
        if (in.tag() != PlainTag.BIG_INTEGER) {
          throw new InvalidObjectException("a BigDecimal without digits");
        }
        yield new BigDecimal(in.bigInteger(), scale);
      }
      case BYTES -> bytes(in.elements(1));
      case BOOLEANS -> Part.booleans(bytes(in.elements(1)));
      case SHORTS -> {
        var from = in.elements(2).asShortBuffer();
        var array = new short[from.remaining()];
        from.get(array);
        yield array;
      }
      case CHARACTERS -> {
        var from = in.elements(2).asCharBuffer();
        var array = new char[from.remaining()];
        from.get(array);
        yield array;
      }
      case INTEGERS -> {
        var from = in.elements(4).asIntBuffer();
        var array = new int[from.remaining()];
        from.get(array);
        yield array;
      }
      case LONGS -> {
        var from = in.elements(8).asLongBuffer();
        var array = new long[from.remaining()];
        from.get(array);
        yield array;
      }
      case FLOATS -> {
        var from = in.elements(4).asFloatBuffer();
        var array = new float[from.remaining()];
        from.get(array);
        yield array;
      }
      case DOUBLES -> {
        var from = in.elements(8).asDoubleBuffer();
        var array = new double[from.remaining()];
        from.get(array);
        yield array;
      }
      case LIST -> new ArrayList<>(Arrays.asList(items(in, outermost)));
      case IMMUTABLE_LIST -> immutable(items(in, outermost));
      case PART -> {
        var form = Part.Form.of(in.get(1).get());
        if (buffers.size() != 1) {
          throw new InvalidObjectException(buffers.size() + " buffers came, expected 1");
        }
        yield new Part(form, buffers.getFirst()).value();
      }
    };
  }

  private static byte[] bytes(ByteBuffer from) {
    var array = new byte[from.remaining()];
    from.get(array);
    return array;
  }

  private static @Nullable Object[] items(PlainReader in, boolean outermost) throws IOException {
    var length = in.get(4).getInt();
    if (!outermost || length < 0 || length > LIST_LENGTH_MAX || length > in.remaining()) {
      throw new InvalidObjectException(
          "a list of " + length + " items" + (outermost ? "" : " inside a list") + ", with "
              + in.remaining() + " bytes left for them; at most " + LIST_LENGTH_MAX);
    }
    var items = new @Nullable Object[length];
    for (var i = 0; i < length; i++) {
      items[i] = read(in, List.of(), false);
    }
    return items;
  }

  /// `List.of` unless there is a null in it, which only the list of a stream may have.
  private static List<?> immutable(@Nullable Object[] items) {
    for (var item : items) {
      if (item == null) {
        return Arrays.stream(items).toList();
      }
    }
    return List.of(items);
  }
}
