package dev.heddle.values;

import dev.heddle.wire.Payload;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One way to turn values into payloads and back.
///
/// A codec of your own is asked before the built-in ones. Every node that meets its values needs it:
/// name its class in `META-INF/services/dev.heddle.values.Codec`, or hand it to [Values].
/// One instance serves many threads at once.
public interface Codec {
  /// The smallest [#id] that a codec of your own may have.
  int USER_ID_MIN = 256;
  /// The largest.
  int USER_ID_MAX = 0xFFFF;

  /// The number that travels with its values, the same on every node.
  int id();

  /// Encodes a value, or declines it.
  ///
  /// @return a payload whose codec is [#id]; empty if this codec is not the one for `value`
  /// @throws IOException
  ///           if it is, and cannot do it; the caller is told so
  Optional<Payload> encode(@Nullable Object value, ClassResolver classes) throws IOException;

  /// @throws IOException
  ///           if the payload makes no sense
  /// @throws ClassNotFoundException
  ///           as [ClassResolver#load] throws it
  @Nullable
  Object decode(Payload payload, ClassResolver classes) throws IOException, ClassNotFoundException;
}
