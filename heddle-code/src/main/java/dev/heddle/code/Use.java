package dev.heddle.code;

import dev.heddle.wire.CodeBaseId;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/// Keeps code bases loaded, and names who can be asked for their classes, until it is closed. Any
/// thread may close it; closing it again does nothing.
public final class Use implements AutoCloseable {
  private final CodeBases node;
  private final List<RemoteCode> foreign;
  /// Not read: it keeps the loaders of this program alive.
  @SuppressWarnings("UnusedVariable")
  private final List<ClassLoader> own;
  private final List<CodeSource> sources;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  Use(CodeBases node, Collection<CodeBaseId> ids, List<CodeSource> sources) {
    this.node = node;
    this.sources = sources;
    var distinct = Set.copyOf(ids);
    this.own = distinct.stream().flatMap(id -> node.ownLoader(id).stream()).toList();
    this.foreign = distinct.stream().filter(id -> !node.isOwn(id)).map(node::retain).toList();
    for (var code : foreign) {
      sources.forEach(code.sources()::add);
    }
  }

  @Override
  public void close() {
    if (!isClosed.compareAndSet(false, true)) {
      return;
    }
    for (var code : foreign) {
      sources.forEach(code.sources()::remove);
      node.release(code.id());
    }
  }
}
