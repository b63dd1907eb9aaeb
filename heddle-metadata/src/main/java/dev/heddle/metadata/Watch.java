package dev.heddle.metadata;

import dev.heddle.wire.Message.Change;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Changes in who has what, in order, from the moment that the watch was made. What is not
/// received soon enough is not kept for ever: then a batch says that some were [Batch#lost].
///
/// For one receiver at a time; any thread may close it.
public interface Watch extends AutoCloseable {
  /// @param changes
  ///          in order; may be empty where `lost`
  /// @param lost
  ///          whether changes before these could not be kept, because the receiver was slow or the
  ///          store was away; look again at what matters, everything later is told
  record Batch(List<Change> changes, boolean lost) {
    public Batch {
      changes = List.copyOf(changes);
    }
  }

  /// Waits for changes.
  ///
  /// @return empty if there was none within `timeout`
  /// @throws MetadataUnavailableException
  ///           if this watch or its store was closed
  Optional<Batch> receive(Duration timeout)
      throws MetadataUnavailableException, InterruptedException;

  /// Ends the watch; a receiver that waits gets an exception.
  @Override
  void close();
}
