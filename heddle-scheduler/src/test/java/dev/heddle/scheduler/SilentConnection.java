package dev.heddle.scheduler;

import dev.heddle.wire.Address;
import dev.heddle.wire.CallTimeoutException;
import dev.heddle.wire.Connection;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A connection whose peer takes all and says nothing: each call times out at once.
final class SilentConnection implements Connection {
  final List<Message.Request> asked = new ArrayList<>();
  final List<Message.Response> replies = new ArrayList<>();
  final List<Message.Notice> notices = new ArrayList<>();
  final List<String> closed = new ArrayList<>();
  private final String name;

  SilentConnection(String name) {
    this.name = name;
  }

  @Override
  public Hello peer() {
    return new Hello(Hello.Role.CLIENT, name, "0", "0", Optional.empty());
  }

  @Override
  public Address remoteAddress() {
    return new Address(name, 1);
  }

  @Override
  public boolean isOpen() {
    return closed.isEmpty();
  }

  @Override
  public Call start(Message.Request request) {
    asked.add(request);
    return new Call() {
      @Override
      public Message.Response await(Duration timeout) throws IOException {
        throw new CallTimeoutException("it did not answer within " + timeout);
      }
    };
  }

  @Override
  public void ask(Message.Request request, Object question) {
    throw new AssertionError("nobody answers " + request);
  }

  @Override
  public void reply(long correlation, Message.Response response) {
    replies.add(response);
  }

  @Override
  public void notice(Message.Notice notice) {
    notices.add(notice);
  }

  @Override
  public long unwrittenBytes() {
    return 0;
  }

  @Override
  public void flush() {}

  @Override
  public void awaitRoom(long bytesMax) {}

  @Override
  public void close(String reason) {
    closed.add(reason);
  }
}
