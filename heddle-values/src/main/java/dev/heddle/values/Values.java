package dev.heddle.values;

import dev.heddle.wire.Payload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Turns values into what travels, and back. One for a whole node; any thread may use it.
///
/// Values are immutable once they are encoded: large arrays and direct memory are not copied, so
/// sender and payload share them. A `ByteBuffer` arrives with what was between its position and its
/// limit, in the same byte order; it and a `MemorySegment` arrive read-only. Arrays, records and
/// collections arrive as what they were, and what was shared inside one value stays shared. Records,
/// `Optional`s, entries of maps and paths need not be `Serializable`, everything else must.
public final class Values {
  private final ClassResolver classes;
  private final List<Codec> encoders;
  private final Map<Integer, Codec> decoders;

  /// With the limits and the class filter of the environment, and the codecs that
  /// `META-INF/services` names.
  public Values(ClassResolver classes) {
    this(classes, ValueLimits.ofEnvironment(System.getenv()), installedCodecs());
  }

  /// @param codecs
  ///          codecs of users, asked in this order before the built-in ones
  /// @throws IllegalArgumentException
  ///           if two have one number, or one has a number of ours
  public Values(ClassResolver classes, ValueLimits limits, List<Codec> codecs) {
    this.classes = classes;
    this.encoders = new ArrayList<>(codecs.stream().filter(codec -> !isOwn(codec)).toList());
    encoders.add(new PlainCodec());
    encoders.addAll(codecs.stream().filter(Values::isOwn).toList());
    encoders.add(new JdkCodec(limits));
    this.decoders = new HashMap<>();
    codecs.forEach(Values::checkNumber);
    encoders.forEach(this::addDecoder);
  }

  /// The codecs that `META-INF/services/dev.heddle.values.Codec` names on this node's class path;
  /// looked up once.
  public static List<Codec> installedCodecs() {
    return Installed.CODECS;
  }

  /// Made on first use.
  private static final class Installed {
    static final List<Codec> CODECS = ServiceLoader.load(Codec.class, Codec.class.getClassLoader())
        .stream().map(ServiceLoader.Provider::get).toList();
  }

  /// Of other parts of Heddle, which have numbers that no other codec may have.
  private static boolean isOwn(Codec codec) {
    return codec.getClass().getPackageName().equals("dev.heddle");
  }

  private static void checkNumber(Codec codec) {
    if (isOwn(codec)) {
      return;
    }
    if (codec.id() < Codec.USER_ID_MIN || codec.id() > Codec.USER_ID_MAX) {
      throw new IllegalArgumentException("the codec " + codec.getClass().getName() + " has number "
          + codec.id() + "; take one in " + Codec.USER_ID_MIN + " to " + Codec.USER_ID_MAX);
    }
  }

  private void addDecoder(Codec codec) {
    var other = decoders.put(codec.id(), codec);
    if (other != null) {
      throw new IllegalArgumentException("the codecs " + other.getClass().getName() + " and "
          + codec.getClass().getName() + " both have number " + codec.id()
          + "; give one of them another");
    }
  }

  /// @throws UnserializableValueException
  ///           if the value, or something inside it, cannot travel; says what and what to do
  public Payload encode(@Nullable Object value) {
    for (var codec : encoders) {
      var payload = encode(value, codec);
      if (payload.isPresent()) {
        return payload.get();
      }
    }
    throw new AssertionError("the last codec takes everything");
  }

  private Optional<Payload> encode(@Nullable Object value, Codec codec) {
    try {
      return codec.encode(value, classes);
    } catch (UnserializableValueException e) {
      throw e;
    } catch (IOException | RuntimeException | StackOverflowError | LinkageError e) {
      throw Refusals.explain(value, codec, e);
    }
  }

  /// @throws UndecodableValueException
  ///           if the payload is of an unknown codec, damaged, refused by the filter or over a limit,
  ///           of a class that is not to be had, or if code of that class throws
  public @Nullable Object decode(Payload payload) {
    var codec = decoders.get(payload.codec());
    if (codec == null) {
      throw new UndecodableValueException("the value has codec " + payload.codec()
          + ", which this node does not know (it knows " + knownCodecs()
          + "); put that codec on the class path of every node, named in META-INF/services/"
          + Codec.class.getName());
    }
    try {
      return codec.decode(payload, classes);
    } catch (ClassNotFoundException e) {
      throw new UndecodableValueException("the value cannot be read here: " + e.getMessage(), e);
    } catch (StackOverflowError e) {
      throw new UndecodableValueException(
          "the value cannot be read here: its objects nest too deep "
              + "for this thread's stack; hold them in a list or array rather than linked to each other",
          e);
    } catch (IOException | RuntimeException | LinkageError e) {
      throw new UndecodableValueException("the value cannot be read here: "
          + (e instanceof IOException && e.getMessage() != null ? e.getMessage() : e.toString()),
          e);
    }
  }

  private String knownCodecs() {
    return decoders.entrySet().stream().sorted(Map.Entry.comparingByKey())
        .map(entry -> entry.getKey() + " " + entry.getValue().getClass().getSimpleName())
        .collect(Collectors.joining(", "));
  }

  /// The way to what makes a value large, for messages:
  /// `lambda in Census.main captures words → Words.text (byte[])`.
  public static String heaviestPart(Object value) {
    return Heaviest.in(value).toString();
  }

  /// About how many bytes of memory a value takes: right to within a small header for strings,
  /// primitive arrays and buffers; for anything else estimated from a sample of at most
  /// [Sizes#OBJECTS_MAX] objects.
  public static long sizeOf(@Nullable Object value) {
    return Sizes.sizeOf(value);
  }
}
