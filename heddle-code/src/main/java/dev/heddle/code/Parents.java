package dev.heddle.code;

import dev.heddle.wire.CodeBaseId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The code bases that define some of the classes which another one sees: those of its class
/// loader's parents. They live as long as it does. Any thread may use it.
final class Parents {
  private final RemoteCode child;
  private final CodeBases node;
  /// Guarded by `this`, as is `isDropped`.
  private final Map<CodeBaseId, RemoteCode> parents = new HashMap<>();
  private boolean isDropped;

  Parents(RemoteCode child, CodeBases node) {
    this.child = child;
    this.node = node;
  }

  /// @throws CodeUnavailableException
  ///           if the child is being dropped
  synchronized RemoteCode get(CodeBaseId owner) {
    if (isDropped) {
      throw new CodeUnavailableException("code base " + child.id()
          + " was dropped, as nobody uses it any more; whoever runs its code must hold a use of it");
    }
    return parents.computeIfAbsent(owner, this::hold);
  }

  private RemoteCode hold(CodeBaseId owner) {
    var parent = node.retain(owner);
    parent.sources().addChild(child.sources());
    return parent;
  }

  void drop() {
    List<RemoteCode> held;
    synchronized (this) {
      isDropped = true;
      held = List.copyOf(parents.values());
      parents.clear();
    }
    for (var parent : held) {
      parent.sources().removeChild(child.sources());
      node.release(parent.id());
    }
  }
}
