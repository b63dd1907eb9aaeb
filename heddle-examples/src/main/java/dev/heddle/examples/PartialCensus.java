package dev.heddle.examples;

import java.io.Serializable;

/// The census of some of the classes. Never changes once made, so it may be kept, sent and merged at the same time.
///
/// @param classes how many classes were counted
/// @param sizeBytes how long their class files are
/// @param invocations how many `invoke` instructions they hold: the lines that `javap -c -p` shows
/// @param dynamicInvocations how many of these are `invokedynamic`, which names no method and is in no row of `methods`
/// @param methods how often each method is called, by `owner.name:descriptor`; [MethodName] makes it readable
/// @param usedClasses how many other classes name each class, by its binary name (`java.util.Map$Entry`)
/// @param skips what was to be counted and couldn't be
public record PartialCensus(int classes, long sizeBytes, long invocations, long dynamicInvocations,
    Counts methods,
    Counts usedClasses, Skips skips) implements Serializable {
  public static final PartialCensus NONE = new PartialCensus(0, 0, 0, 0, Counts.NONE, Counts.NONE,
      Skips.NONE);

  /// The census of the classes of both, if none is in both. In whatever order many are merged, the result is the same.
  public static PartialCensus merge(PartialCensus a, PartialCensus b) {
    return new PartialCensus(Math.addExact(a.classes, b.classes),
        Math.addExact(a.sizeBytes, b.sizeBytes),
        Math.addExact(a.invocations, b.invocations),
        Math.addExact(a.dynamicInvocations, b.dynamicInvocations),
        a.methods.merge(b.methods), a.usedClasses.merge(b.usedClasses), a.skips.merge(b.skips));
  }
}
