package dev.heddle.wire;

import java.lang.foreign.ValueLayout;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// Messages with random content, made from the types of their fields alone, so that a new field is
/// tested without anybody thinking of it.
final class Samples {
  private static final String LETTERS = "abcxyz0189-_/äß漢字🧵 ";

  private final Random random;
  private int depth;

  Samples(long seed) {
    random = new Random(seed);
  }

  Message message(Operation operation) {
    return operation.message().cast(of(operation.message()));
  }

  Object of(Type type) {
    if (type instanceof ParameterizedType generic) {
      return generic(generic);
    }
    var wanted = (Class<?>) type;
    if (wanted == long.class || wanted == Long.class) {
      return number();
    }
    if (wanted == int.class || wanted == Integer.class) {
      return random.nextInt(10) == 0 ? random.nextInt() : random.nextInt(300);
    }
    if (wanted == boolean.class) {
      return random.nextBoolean();
    }
    if (wanted == String.class) {
      return text(0, 40);
    }
    if (wanted == byte[].class) {
      return bytes(random.nextInt(20) == 0 ? 20_000 : random.nextInt(50));
    }
    if (wanted == Key.class) {
      return Key.of(text(1, 60));
    }
    if (wanted == WorkerId.class) {
      return new WorkerId("worker-" + random.nextInt(100), random.nextLong());
    }
    if (wanted == Address.class) {
      return new Address("host" + random.nextInt(9), random.nextInt(65536));
    }
    if (wanted == ContentHash.class) {
      return ContentHash.ofDigest(bytes(ContentHash.BYTES));
    }
    if (wanted == CodeBaseId.class) {
      return new CodeBaseId(random.nextLong(), random.nextLong());
    }
    if (wanted == Bulk.class) {
      return bulk();
    }
    if (wanted == Payload.class) {
      return new Payload(random.nextInt(0x10000), list(CodeBaseId.class, 3),
          bytes(random.nextInt(40)), list(Bulk.class, 3));
    }
    if (wanted == Message.Datum.Placed.class) {
      return placed();
    }
    if (wanted == ClientId.class) {
      return ClientId.random(random);
    }
    if (wanted == TaskSettings.class) {
      return settings();
    }
    if (wanted == Failure.class) {
      return failure();
    }
    if (wanted.isEnum()) {
      return oneOf(List.of(wanted.getEnumConstants()));
    }
    if (wanted.isSealed()) {
      return of(oneOf(List.of(wanted.getPermittedSubclasses())));
    }
    return record(wanted);
  }

  private Object record(Class<?> wanted) {
    var components = wanted.getRecordComponents();
    var values = new Object[components.length];
    var types = new Class<?>[components.length];
    for (var i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] = of(components[i].getGenericType());
    }
    try {
      return wanted.getDeclaredConstructor(types).newInstance(values);
    } catch (InstantiationException | IllegalAccessException | InvocationTargetException
        | NoSuchMethodException e) {
      throw new LinkageError("no sample of " + wanted, e);
    }
  }

  private Object generic(ParameterizedType type) {
    var parts = type.getActualTypeArguments();
    if (type.getRawType() == List.class) {
      return list(parts[0], 4);
    }
    if (type.getRawType() == Optional.class) {
      return random.nextBoolean() ? Optional.empty() : Optional.of(of(parts[0]));
    }
    var map = new LinkedHashMap<Object, Object>();
    for (var n = random.nextInt(4); n > 0; n--) {
      map.put(of(parts[0]), of(parts[1]));
    }
    return map;
  }

  @SuppressWarnings("unchecked") // of() gives what it is asked for
  private <T> List<T> list(Type type, int most) {
    var items = new ArrayList<T>();
    for (var n = random.nextInt(most + 1); n > 0; n--) {
      items.add((T) of(type));
    }
    return items;
  }

  private Message.Datum.Placed placed() {
    var rest = (Payload) of(Payload.class);
    var places = new ArrayList<Message.Datum.Place>();
    for (var buffer = 0; buffer < rest.buffers().size(); buffer++) {
      places.add(new Message.Datum.Place(buffer, random.nextInt(9999), random.nextLong(1L << 40)));
    }
    return new Message.Datum.Placed(rest, number(), number(), places);
  }

  private TaskSettings settings() {
    var resources = new LinkedHashMap<String, Integer>();
    for (var n = random.nextInt(3); n > 0; n--) {
      resources.put(text(0, 9), 1 + random.nextInt(9));
    }
    return random.nextInt(3) == 0
        ? TaskSettings.DEFAULT
        : new TaskSettings(random.nextInt(), random.nextInt(9), random.nextInt(9999),
            list(String.class, 3), resources, random.nextBoolean(), random.nextBoolean());
  }

  private Failure failure() {
    depth++;
    try {
      return new Failure(text(1, 30), text(0, 30), list(Failure.Frame.class, 4),
          random.nextInt(1000), depth > 2 ? Optional.empty() : Optional.of(failure()),
          depth > 2 ? List.of() : list(Failure.class, 1),
          random.nextInt(3) == 0 ? Optional.of((Payload) of(Payload.class)) : Optional.empty());
    } finally {
      depth--;
    }
  }

  private Bulk bulk() {
    var kind = oneOf(List.of(Bulk.Kind.values()));
    var bulk = kind.allocate(8L * (random.nextInt(8) == 0
        ? 2048 + random.nextInt(5000)
        : random.nextInt(20)));
    for (var at = 0L; at < bulk.sizeBytes(); at++) {
      bulk.segment().set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt());
    }
    return bulk;
  }

  private long number() {
    return switch (random.nextInt(5)) {
      case 0 -> random.nextLong();
      case 1 -> -1;
      case 2 -> Long.MIN_VALUE;
      default -> random.nextInt(1000);
    };
  }

  private byte[] bytes(int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private String text(int least, int most) {
    var text = new StringBuilder();
    var codePoints = LETTERS.codePoints().toArray();
    for (var n = least + random.nextInt(most - least + 1); n > 0; n--) {
      text.appendCodePoint(codePoints[random.nextInt(codePoints.length)]);
    }
    return text.toString();
  }

  private <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /// Everything in `value`, down to the last byte.
  static String describe(Object value) {
    return switch (value) {
      case byte[] bytes -> HexFormat.of().formatHex(bytes);
      case Bulk bulk -> bulk.kind() + ":"
          + HexFormat.of().formatHex(bulk.segment().toArray(ValueLayout.JAVA_BYTE));
      case Optional<?> some -> some.map(Samples::describe).map(s -> "some " + s).orElse("none");
      case Collection<?> items -> items.stream().map(Samples::describe).toList().toString();
      case Map<?, ?> map -> describe(map.entrySet());
      case Map.Entry<?, ?> entry -> describe(entry.getKey()) + "=" + describe(entry.getValue());
      case ContentHash hash -> describe(hash.digest());
      case Record record -> record.getClass().getSimpleName() + fields(record);
      default -> value.toString();
    };
  }

  private static List<String> fields(Record record) {
    var fields = new ArrayList<String>();
    for (var component : record.getClass().getRecordComponents()) {
      var field = component.getAccessor();
      if (!Modifier.isPublic(record.getClass().getModifiers())) {
        field.setAccessible(true);
      }
      try {
        fields.add(component.getName() + "=" + describe(field.invoke(record)));
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new LinkageError("no look at " + component, e);
      }
    }
    return fields;
  }
}
