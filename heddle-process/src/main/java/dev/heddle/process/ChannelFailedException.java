package dev.heddle.process;

/// A channel was used after [Sink#fail]. The cause is what failed, with the stack of where it
/// failed; this exception's own stack is that of whoever used the channel.
public final class ChannelFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String channel;

  ChannelFailedException(String channel, Throwable cause) {
    super("channel `" + channel + "` failed: " + cause, cause);
    this.channel = channel;
  }

  public String channel() {
    return channel;
  }
}
