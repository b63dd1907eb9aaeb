package dev.heddle.process;

/// A channel was used after its end: sent to after [Sink#done], or received from when all
/// was received.
public final class ChannelDoneException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String channel;

  ChannelDoneException(String channel, String message) {
    super(message);
    this.channel = channel;
  }

  static ChannelDoneException onSend(String channel, int sent, int items) {
    return new ChannelDoneException(channel, "cannot send to channel `" + channel
        + "`: it is done" + (items > 1 ? "; " + sent + " of " + items + " items went over" : ""));
  }

  static ChannelDoneException onReceive(String channel) {
    return new ChannelDoneException(channel,
        "cannot receive from channel `" + channel + "`: it is done and everything was received");
  }

  /// The name of the channel, or for a [Select] the names of all its channels.
  public String channel() {
    return channel;
  }
}
