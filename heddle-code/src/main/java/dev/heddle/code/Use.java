package dev.heddle.code;

import dev.heddle.wire.CodeBaseId;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Keeps code bases loaded, and names who can be asked for their classes, until it is closed. Any
/// thread may close it; closing it again does nothing, and a closed one keeps nothing alive.
public final class Use implements AutoCloseable {
  /// @param own
  ///          loaders of this program; being here keeps them alive
  private record Holding(CodeBases node, List<RemoteCode> foreign, List<ClassLoader> own,
      List<CodeSource> sources) {}

  private final AtomicReference<@Nullable Holding> holding;

  Use(CodeBases node, Collection<CodeBaseId> ids, List<CodeSource> sources) {
    var distinct = Set.copyOf(ids);
    var own = distinct.stream().flatMap(id -> node.ownLoader(id).stream()).toList();
    var foreign = distinct.stream().filter(id -> !node.isOwn(id)).map(node::retain).toList();
    for (var code : foreign) {
      sources.forEach(code.sources()::add);
    }
    this.holding = new AtomicReference<>(new Holding(node, foreign, own, sources));
  }

  @Override
  public void close() {
    var held = holding.getAndSet(null);
    if (held == null) {
      return;
    }
    for (var code : held.foreign()) {
      held.sources().forEach(code.sources()::remove);
      held.node().release(code.id());
    }
  }
}
