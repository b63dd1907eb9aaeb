package dev.heddle.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Holds `docs/protocol.md` to the code: what the page says is enough to read every message.
class ProtocolPageTest {
  private static final String PAGE = page();
  private static final Map<String, Row> ROWS = rows();
  private static final Map<String, List<List<Field>>> PARTS = parts();

  private record Row(int code, String name, String frame, List<Field> fields) {}

  /// @param name empty where the page gives only a type
  private record Field(String name, String type) {}

  private static String page() {
    var directory = Path.of("").toAbsolutePath();
    while (directory != null) {
      var page = directory.resolve("docs").resolve("protocol.md");
      if (Files.exists(page)) {
        try {
          return Files.readString(page);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      directory = directory.getParent();
    }
    throw new AssertionError("no docs/protocol.md here or above");
  }

  private static String section(int number) {
    var start = PAGE.indexOf("\n## " + number + ".");
    var end = PAGE.indexOf("\n## ", start + 1);
    return PAGE.substring(start, end < 0 ? PAGE.length() : end);
  }

  private static List<String> blocks(String section) {
    return Pattern.compile("(?s)\n```\n(.*?)\n```").matcher(section).results()
        .map(match -> match.group(1)).toList();
  }

  private static Map<String, Row> rows() {
    var rows = new LinkedHashMap<String, Row>();
    for (var line : section(6).lines().filter(l -> l.matches("\\| \\d+ \\|.*")).toList()) {
      var cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
      rows.put(cells.get(2), new Row(Integer.parseInt(cells.get(1)), cells.get(2), cells.get(3),
          fields(cells.get(4))));
    }
    return rows;
  }

  private static Map<String, List<List<Field>>> parts() {
    var parts = new LinkedHashMap<String, List<List<Field>>>();
    var name = "";
    for (var line : blocks(section(6)).getFirst().lines().toList()) {
      var text = line.strip();
      var definition = Pattern.compile("(\\w+) += (.*)").matcher(text);
      if (definition.matches()) {
        name = definition.group(1);
        parts.put(name, new ArrayList<>());
        text = definition.group(2);
      }
      var alternatives = part(parts, name);
      // After three blanks comes a comment.
      var rest = text.replaceFirst("\\s{3,}.*$", "").replaceFirst("^\\|? ?\\d: ", "");
      if (text.matches("\\|? ?\\d: .*") || alternatives.isEmpty()) {
        alternatives.add(new ArrayList<>());
      }
      alternatives.getLast().addAll(fields(rest));
    }
    return parts;
  }

  private static List<List<Field>> part(Map<String, List<List<Field>>> parts, String name) {
    var part = parts.get(name);
    if (part == null) {
      throw new AssertionError("the page does not say what '" + name + "' is");
    }
    return part;
  }

  /// Splits `a:x b:(y z)*`.
  private static List<Field> fields(String text) {
    return Pattern.compile("(?:(\\w+):)?(\\([^)]*\\)\\S*|\\S+)").matcher(text).results()
        .map(match -> new Field(match.group(1) == null ? "" : match.group(1), match.group(2)))
        .toList();
  }

  /// Reads a value of `type` as the page has it.
  private static void walk(String type, Decoder in) throws ProtocolException {
    if (type.endsWith("*")) {
      for (var count = in.varint(); count > 0; count--) {
        walk(type.substring(0, type.length() - 1), in);
      }
    } else if (type.endsWith("?")) {
      if (in.flag()) {
        walk(type.substring(0, type.length() - 1), in);
      }
    } else if (type.startsWith("(")) {
      walkAll(fields(type.substring(1, type.length() - 1)), in);
    } else {
      switch (type) {
        case "u8" -> in.u8();
        case "u16" -> in.fixed16();
        case "u64" -> in.fixed64();
        case "varint" -> in.varint();
        case "int" -> in.zigzag();
        case "flag" -> in.flag();
        case "text" -> in.text();
        case "hash" -> in.raw(32, "a run");
        case "nothing" -> in.skip(0, "");
        case "buffer" -> {
          var tag = in.u8();
          var size = in.varint();
          in.skip((tag & 0x80) == 0 ? size : 0, "a buffer");
        }
        default -> {
          var alternatives = part(PARTS, type);
          walkAll(alternatives.size() == 1 ? alternatives.getFirst() : alternatives.get(in.u8()),
              in);
        }
      }
    }
  }

  private static void walkAll(List<Field> fields, Decoder in) throws ProtocolException {
    for (var field : fields) {
      walk(field.type(), in);
    }
  }

  @Test
  void thePageListsEveryOperationWithItsNumber() {
    assertThat(ROWS.values().stream().map(row -> row.code() + " " + row.name() + " " + row.frame()))
        .containsExactlyElementsOf(Stream.of(Operation.values())
            .map(o -> o.code() + " " + o.text() + " " + frameOf(o.message())).toList());
  }

  private static String frameOf(Class<? extends Message> message) {
    return Message.Request.class.isAssignableFrom(message)
        ? "request"
        : Message.Response.class.isAssignableFrom(message) ? "response" : "notice";
  }

  @ParameterizedTest
  @EnumSource
  void whatThePageSaysIsEnoughToReadAMessageToItsLastByte(Operation operation) throws Exception {
    var fields = ROWS.getOrDefault(operation.text(), new Row(0, "", "", List.of())).fields();
    assertThat(fields.stream().map(Field::name))
        .containsExactlyElementsOf(Arrays.stream(operation.message().getRecordComponents())
            .map(component -> component.getName()).toList());
    for (var seed = 0; seed < 20; seed++) {
      var frame = frame(new Samples(seed).message(operation), seed + 1);
      var in = new Decoder(frame);
      var hasBulk = (in.u8() & 0x80) != 0;
      if (!frameOf(operation.message()).equals("notice")) {
        assertThat(in.varint()).isEqualTo(seed + 1);
      }
      assertThat(in.varint()).isEqualTo(operation.code());
      walkAll(fields, in);
      assertThat(in.remaining()).as("seed %d", seed).isEqualTo(hasBulk ? 16 : 0);
    }
  }

  /// The frame of a message, after its length.
  private static byte[] frame(Message message, long correlation) {
    var frames = frames(message, correlation);
    var length = ByteBuffer.wrap(frames).order(ByteOrder.LITTLE_ENDIAN).getInt();
    return Arrays.copyOfRange(frames, 4, 4 + length);
  }

  private static byte[] frames(Message message, long correlation) {
    var wire = new TestWire(new Random(1), 1 << 20);
    var side = new TestSide(wire, Limits.DEFAULT);
    side.outbox.add(switch (message) {
      case Message.Request _ -> FrameType.REQUEST;
      case Message.Response _ -> FrameType.RESPONSE;
      case Message.Notice _ -> FrameType.NOTICE;
    }, correlation, message);
    do {
      side.writer.flush(true);
    } while (side.writer.isLeftToLink());
    return wire.written();
  }

  @Test
  void theNumbersOnThePageAreThoseOfTheCode() {
    assertThat(section(3)).contains("Roles: " + numbered(Hello.Role.values(), 4) + ".");
    assertThat(section(3)).contains("Causes: 0 the secrets differ, 1 no common version, 2 busy, 3"
        + " malformed.");
    assertThat(Stream.of(HandshakeException.Cause.values()).limit(4)).containsExactly(
        HandshakeException.Cause.SECRET, HandshakeException.Cause.VERSION,
        HandshakeException.Cause.BUSY, HandshakeException.Cause.MALFORMED);
    assertThat(section(6).replaceAll("\\s+", " "))
        .contains("reasons: " + numbered(Message.Reason.values(), 9) + ".");
    assertThat(section(5)).contains("0 native memory, 1 bytes, 2 shorts, 3 chars, 4 ints,"
        + " 5 longs, 6 floats, 7 doubles");
    assertThat(Bulk.Kind.values()).containsExactly(Bulk.Kind.DIRECT, Bulk.Kind.BYTE,
        Bulk.Kind.SHORT, Bulk.Kind.CHAR, Bulk.Kind.INT, Bulk.Kind.LONG, Bulk.Kind.FLOAT,
        Bulk.Kind.DOUBLE);
    assertThat(section(2)).contains("at most " + Protocol.TEXT_BYTES_MAX + " bytes");
    assertThat(section(3)).contains("at most " + Protocol.HANDSHAKE_BYTES_MAX)
        .contains("`frameBytesMax` is " + Limits.FRAME_BYTES_LEAST)
        .contains(Integer.toString(Limits.FRAME_BYTES_MOST))
        .contains("`transfersMax` 1 to " + Limits.TRANSFERS_MOST)
        .contains(Secret.BYTES_LEAST + " to " + Secret.BYTES_MOST);
    assertThat(section(4)).contains("1 to " + Protocol.CHUNK_BYTES_MAX + " bytes")
        .contains("reason:text, at most " + Protocol.REASON_BYTES_MAX + " bytes");
    assertThat(section(6)).contains("1 to " + Key.BYTES_MAX + " bytes")
        .contains("at most " + Payload.CODE_BASES_MAX + " code bases and " + Payload.BUFFERS_MAX)
        .contains("at most " + Failure.DEPTH_MAX + " deep, at most " + Failure.FRAMES_MAX);
  }

  private static String numbered(Enum<?>[] constants, int count) {
    assertThat(constants).hasSize(count);
    return Stream.of(constants)
        .map(c -> Codes.of(c) + " " + c.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .collect(Collectors.joining(", "));
  }

  @Test
  void theFrameTypesOnThePageAreThoseOfTheCode() {
    var types = section(4).lines().filter(l -> l.matches("\\| \\d \\|.*"))
        .map(l -> l.replaceFirst("^\\| (\\d) \\| (\\w+) .*", "$1 $2")).toList();
    assertThat(types).containsExactly(FrameType.REQUEST + " request",
        FrameType.RESPONSE + " response", FrameType.NOTICE + " notice", FrameType.CHUNK + " chunk",
        FrameType.PING + " ping", FrameType.PONG + " pong", FrameType.GOODBYE + " goodbye",
        FrameType.ABANDON + " abandon");
  }

  // --- the example

  /// The bytes of a block; whatever stands after three blanks is a comment.
  private static byte[] bytes(String block) {
    var hex = block.lines().map(line -> line.replaceFirst("\\s{3,}.*$", "").replace(" ", ""))
        .collect(Collectors.joining());
    return HexFormat.of().parseHex(hex);
  }

  private static byte[] introduction(Hello hello, int nonceStart) {
    var nonce = new byte[Introduction.NONCE_BYTES];
    for (var i = 0; i < nonce.length; i++) {
      nonce[i] = (byte) (nonceStart + i);
    }
    var out = HandshakeChannel.part(Handshake.INTRODUCTION);
    new Introduction(1, 1, hello, Limits.DEFAULT, nonce).write(out);
    var bytes = Arrays.copyOf(out.bytes(), out.size());
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putShort(5, (short) (bytes.length - 7));
    return bytes;
  }

  @Test
  void theExampleIsWhatTheCodeSays() {
    var blocks = blocks(section(7)).stream().map(ProtocolPageTest::bytes)
        .collect(Collectors.toCollection(ArrayDeque::new));
    var client = introduction(
        new Hello(Hello.Role.CLIENT, "c", "0.1.0", "25", Optional.empty()), 0);
    var worker = introduction(new Hello(Hello.Role.WORKER, "w", "0.1.0", "25",
        Optional.of(new Address("127.0.0.1", 8786))), 0x20);
    assertThat(blocks.remove()).isEqualTo(client);
    assertThat(blocks.remove()).isEqualTo(worker);

    var secret = Secret.of("0123456789abcdef0123456789abcdef".getBytes(US_ASCII));
    var transcript = Arrays.copyOf(client, client.length + worker.length);
    System.arraycopy(worker, 0, transcript, client.length, worker.length);
    for (var label : List.of("heddle client", "heddle server")) {
      var proof = blocks.remove();
      assertThat(Arrays.copyOf(proof, 7)).containsExactly(0x48, 0x44, 0x44, 0x4c, 3, 32, 0);
      assertThat(Arrays.copyOfRange(proof, 7, 39)).isEqualTo(secret.prove(label, transcript));
    }

    assertThat(blocks.remove()).isEqualTo(
        frames(new Message.GetData(List.of(Key.of("x"), Key.of("grüße")), 1 << 20), 1));
    var value = new Payload(7, List.of(), new byte[]{1, 2},
        List.of(Bulk.of(new byte[]{5, 6, 7}), Bulk.Kind.INT.allocate(16384)));
    assertThat(frames(new Message.Data(Map.of(Key.of("x"), new Message.Datum.Found(value))), 1))
        .startsWith(blocks.remove());
    assertThat(blocks).isEmpty();
  }
}
