package dev.heddle.simulation;

import dev.heddle.metadata.MetadataState;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The way to the store of who has what.
public interface StoreAccess {
  /// What a call does to the store; what comes back to the caller.
  interface Call<A> {
    A on(MetadataState state, long nowMillis);
  }

  /// Callers have one call at a time under way, so that theirs stay in order.
  <A> void call(Call<A> call, Consumer<A> answered, Consumer<String> failed);

  /// What the store answers when it is asked who has these.
  default Map<Key, List<Holder>> whoHas(MetadataState state, List<Key> keys, long nowMillis) {
    return state.whoHas(keys, nowMillis);
  }
}
