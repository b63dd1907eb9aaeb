package dev.heddle;

import dev.heddle.wire.Key;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a failure came from the task that failed first to one that needs it: that task, what needs it,
/// what needs that, and so on, the one that it came to not among them. Of a long way the middle is
/// left out.
///
/// @param omitted how many links are left out before the last
record Chain(List<Link> links, int omitted) {
  static final int LINKS_MAX = 8;
  static final Chain NONE = new Chain(List.of(), 0);

  /// @param submitted null where that is not known
  record Link(Key key, @Nullable CallSite submitted) {}

  Chain {
    links = List.copyOf(links);
  }

  /// The way of the same failure one task further.
  Chain through(Key key, @Nullable CallSite submitted) {
    var next = new ArrayList<>(links);
    var isFull = next.size() == LINKS_MAX;
    if (isFull) {
      next.removeLast();
    }
    next.add(new Link(key, submitted));
    return new Chain(next, omitted + (isFull ? 1 : 0));
  }

  /// Where the task that failed first was submitted.
  ///
  /// @param own where the task was that the failure came to
  @Nullable
  CallSite origin(@Nullable CallSite own) {
    return links.isEmpty() ? own : links.getFirst().submitted();
  }

  /// For people, a line each: where the first was submitted, and what needed it.
  ///
  /// @param key the task that the failure came to
  /// @param own where that was submitted
  List<String> lines(Key key, @Nullable CallSite own) {
    var lines = new ArrayList<String>();
    var all = new ArrayList<>(links);
    all.add(new Link(key, own));
    var first = all.removeFirst();
    if (first.submitted() != null) {
      lines.add("submitted at " + first.submitted());
    }
    for (var i = 0; i < all.size(); i++) {
      if (omitted > 0 && i == LINKS_MAX - 2) {
        lines.add("needed by " + omitted + " more, one by the other");
      }
      var link = all.get(i);
      lines.add("needed by '" + link.key() + "'"
          + (link.submitted() == null ? "" : ", submitted at " + link.submitted()));
    }
    return lines;
  }
}
