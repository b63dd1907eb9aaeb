package dev.heddle.worker;

import org.jspecify.annotations.Nullable;

/// Values that could be let go, the one that was not used for longest first: a list through the
/// values themselves. Owned by [Memory].
final class HeldLine {
  private @Nullable Held oldest;
  private @Nullable Held newest;

  /// @return null if it is empty
  @Nullable
  Held oldest() {
    return oldest;
  }

  void addNewest(Held held) {
    require(held, false);
    held.isInLine = true;
    held.older = newest;
    if (newest == null) {
      oldest = held;
    } else {
      newest.newer = held;
    }
    newest = held;
  }

  void addOldest(Held held) {
    require(held, false);
    held.isInLine = true;
    held.newer = oldest;
    if (oldest == null) {
      newest = held;
    } else {
      oldest.older = held;
    }
    oldest = held;
  }

  void remove(Held held) {
    require(held, true);
    var older = held.older;
    var newer = held.newer;
    if (older == null) {
      oldest = newer;
    } else {
      older.newer = newer;
    }
    if (newer == null) {
      newest = older;
    } else {
      newer.older = older;
    }
    held.older = null;
    held.newer = null;
    held.isInLine = false;
  }

  private static void require(Held held, boolean inLine) {
    if (held.isInLine != inLine) {
      throw new IllegalStateException(
          "'" + held.key + "' is " + (inLine ? "not " : "") + "in line already");
    }
  }
}
