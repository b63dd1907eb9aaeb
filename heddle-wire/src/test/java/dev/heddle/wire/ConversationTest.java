package dev.heddle.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConversationTest {
  @Test
  void threePingsGetThreePongs() throws Exception {
    try (var server = new TestNode("server"); var client = new TestNode("client")) {
      var connection = client.connect(server.listen());
      for (var token = 1L; token <= 3; token++) {
        assertThat(connection.call(new Message.Ping(token), TestNode.SOON))
            .isEqualTo(new Message.Pong(token));
      }
      assertThat(connection.peer().name()).isEqualTo("server");
      assertThat(TestNode.next(server.opened).peer().name()).isEqualTo("client");
    }
  }

  @Test
  void aNodeMayTalkToItself() throws Exception {
    try (var node = new TestNode("node")) {
      var connection = node.connect(node.listen());
      assertThat(connection.call(new Message.Ping(7), TestNode.SOON))
          .isEqualTo(new Message.Pong(7));
    }
  }

  @Test
  void answersComeToThoseWhoAskedWhateverTheirOrder() throws Exception {
    try (var server = new TestNode("server", config -> config, (from, batch) -> {
      for (var incoming : batch.reversed()) {
        TestNode.answer(from, List.of(incoming));
      }
    }); var client = new TestNode("client")) {
      var connection = client.connect(server.listen());
      var pings = new ArrayList<Message.Ping>();
      for (var token = 0; token < 10_000; token++) {
        pings.add(new Message.Ping(token));
      }
      var calls = connection.startAll(pings);
      for (var token = 0; token < 10_000; token++) {
        assertThat(calls.get(token).await(TestNode.SOON)).isEqualTo(new Message.Pong(token));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void buffersOfEveryKindComeBackAsTheyWere(Bulk.Kind kind) throws Exception {
    try (var server = new TestNode("server"); var client = new TestNode("client")) {
      var connection = client.connect(server.listen());
      var sizes = new long[]{0, 8, 16 << 10, (16 << 10) + 8, (256 << 10) - 8, 256 << 10,
          (256 << 10) + 8, 3_000_000};
      var buffers = new ArrayList<Bulk>();
      for (var size : sizes) {
        buffers.add(filled(kind, size));
      }
      var payload = new Payload(3, List.of(), new byte[]{1, 2}, buffers);
      var answer = (Message.Data) connection
          .call(new Message.PutData(Map.of(Key.of("x"), payload), false), TestNode.SOON);
      var back = found(answer, Key.of("x"));
      assertThat(back.header()).containsExactly(1, 2);
      assertThat(back.buffers()).hasSameSizeAs(buffers);
      for (var i = 0; i < sizes.length; i++) {
        var bulk = back.buffers().get(i);
        assertThat(bulk.kind()).isEqualTo(kind);
        assertThat(bulk.sizeBytes()).isEqualTo(sizes[i]);
        assertThat(bulk.segment().mismatch(buffers.get(i).segment())).isEqualTo(-1);
      }
    }
  }

  @Test
  void aRefusalIsAnExceptionThatSaysWhoRefusedWhat() throws Exception {
    try (var server = new TestNode("server"); var client = new TestNode("client")) {
      var connection = client.connect(server.listen());
      assertThatThrownBy(() -> connection.call(new Message.AskInfo(), TestNode.SOON))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("server at " + connection.remoteAddress())
          .hasMessageContaining("ask-info").hasMessageContaining("not here");
    }
  }

  private static final class Hearer implements ConnectionHandler {
    final BlockingQueue<Answered> answers = new LinkedBlockingQueue<>();

    @Override
    public void received(Connection from, List<Incoming> batch) {}

    @Override
    public void answered(Connection from, List<Answered> heard) {
      answers.addAll(heard);
    }
  }

  @Test
  void answersToQuestionsGoToTheHandler() throws Exception {
    var hearer = new Hearer();
    try (var server = new TestNode("server");
        var client = new TestNode("client", config -> config, hearer)) {
      var connection = client.connect(server.listen());
      connection.ask(new Message.Ping(1), "first");
      connection.ask(new Message.AskInfo(), "second");
      connection.flush();
      assertThat(TestNode.next(hearer.answers))
          .isEqualTo(new Answered("first", new Message.Pong(1)));
      var second = TestNode.next(hearer.answers);
      assertThat(second.question()).isEqualTo("second");
      assertThat(second.response()).isInstanceOf(Message.Refused.class);
    }
  }

  @Test
  void ofQuestionsWhoseConnectionEndsTheHandlerHearsTheEndAlone() throws Exception {
    var hearer = new Hearer();
    try (var server = new TestNode("server", config -> config, TestNode::ignore);
        var client = new TestNode("client", config -> config, hearer)) {
      var connection = client.connect(server.listen());
      connection.ask(new Message.Ping(1), "first");
      connection.flush();
      TestNode.next(server.received);
      server.close();
      assertThat(TestNode.next(client.closed)).isNotBlank();
      assertThat(hearer.answers).isEmpty();
      assertThatThrownBy(() -> connection.ask(new Message.Ping(2), "second"))
          .isInstanceOf(ConnectionLostException.class);
    }
  }

  static Payload found(Message.Data data, Key key) {
    return data.values().get(key) instanceof Message.Datum.Found(var payload)
        ? payload
        : new Payload(0, List.of(), new byte[0], List.of());
  }

  static Bulk filled(Bulk.Kind kind, long sizeBytes) {
    var bulk = kind.allocate(sizeBytes);
    MemorySegment segment = bulk.segment();
    for (var at = 0L; at < sizeBytes; at += 8) {
      for (var i = at; i < Math.min(at + 8, sizeBytes); i++) {
        segment.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 31 + i / 255));
      }
    }
    return bulk;
  }
}
