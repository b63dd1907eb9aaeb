package dev.heddle;

import dev.heddle.values.UnserializableValueException;
import dev.heddle.wire.Connection;
import dev.heddle.wire.ConnectionLostException;
import dev.heddle.wire.ContentHash;
import dev.heddle.wire.Message;
import dev.heddle.wire.Operand;
import dev.heddle.wire.Payload;
import dev.heddle.wire.TaskSettings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says to the scheduler what it has to know of tasks, and remembers on which connection it was
/// said. Guarded by the ledger's turn.
// Elements of one map share the very specification.
@SuppressWarnings("ReferenceEquality")
final class Telling {
  private static final Logger LOG = LoggerFactory.getLogger(Telling.class);
  private static final int CACHED_MAX = 256;
  private static final long CACHED_BYTES_MAX = 256L << 20;

  private final ClientCode code;
  private final EncodedFunction constant;
  /// Functions that are likely to be used again, from the one used longest ago.
  private final LinkedHashMap<Object, EncodedFunction> cached = new LinkedHashMap<>(16, 0.75f,
      true);
  private long cachedBytes;
  /// Defined on this connection, and not to stay so.
  private final LinkedHashSet<EncodedFunction> passing = new LinkedHashSet<>();
  private final List<Adoption> adoptions = new ArrayList<>();
  /// Which trace what is submitted on this connection belongs to.
  private String trace = "";
  private int epoch;
  private int lastFunction;

  /// Something published that was asked for.
  record Adoption(Entry entry, Connection.Call answer) {}

  Telling(ClientCode code) {
    this.code = code;
    this.constant = new EncodedFunction(code.values().encode(Constant.FUNCTION), ++lastFunction);
    constant.isCached = true;
  }

  void beginEpoch() {
    epoch++;
    passing.clear();
    trace = "";
  }

  /// Whether there was a connection before this one.
  boolean isReturning() {
    return epoch > 1;
  }

  // --- functions

  int nextFunction() {
    return ++lastFunction;
  }

  @Nullable
  EncodedFunction cached(Object by) {
    return cached.get(by);
  }

  /// Keeps a function defined until others are used more.
  void cache(Object by, EncodedFunction function, @Nullable Connection to) {
    function.isCached = true;
    cachedBytes += function.payload.sizeBytes();
    cached.put(by, function);
    var oldest = cached.entrySet().iterator();
    while (cached.size() > CACHED_MAX || (cachedBytes > CACHED_BYTES_MAX && cached.size() > 1)) {
      var out = oldest.next().getValue();
      oldest.remove();
      out.isCached = false;
      cachedBytes -= out.payload.sizeBytes();
      undefine(out, to);
    }
  }

  /// Nothing more will be submitted with it.
  void undefine(EncodedFunction function, @Nullable Connection to) {
    if (function.isCached || function.number() == 0 || function.needsDefinition(epoch)) {
      return;
    }
    function.undefined();
    passing.remove(function);
    if (to != null) {
      to.notice(new Message.Undefine(List.of(function.number())));
    }
  }

  void undefineUnused(Connection to) {
    List.copyOf(passing).forEach(function -> undefine(function, to));
  }

  private void define(EncodedFunction function, Connection to) {
    if (function.needsDefinition(epoch)) {
      to.notice(new Message.Define(function.number(), function.payload));
      function.defined(epoch);
      if (!function.isCached) {
        passing.add(function);
      }
    }
  }

  // --- tasks

  /// Everything that is wanted and not told, with what it needs, in the order of numbers: nothing
  /// needs what has a higher one.
  List<Entry> untold(EntryTable table) {
    var found = new LinkedHashSet<Entry>();
    var open = new ArrayDeque<Entry>();
    for (var entry : table.all()) {
      if (isToTell(entry) && !entry.isSettled()) {
        found.add(entry);
        open.add(entry);
      }
    }
    while (!open.isEmpty()) {
      for (var input : open.remove().inputs) {
        if (isToTell(input) && found.add(input)) {
          open.add(input);
        }
      }
    }
    return found.stream().sorted(Ledger.BY_NUMBER).toList();
  }

  /// Says all of these, those of one map together, after what they need.
  void tell(Connection to, List<Entry> entries) {
    for (var i = 0; i < entries.size();) {
      var first = entries.get(i);
      var end = i + 1;
      while (end < entries.size() && isNext(first, entries.get(end), end - i)) {
        end++;
      }
      if (isToTell(first)) {
        tellInputs(to, entries.subList(i, end));
        say(to, entries.subList(i, end));
      }
      i = end;
    }
  }

  /// Whether the scheduler lacks it, and there is something to say.
  private boolean isToTell(Entry entry) {
    if (entry.toldEpoch == epoch) {
      return false;
    }
    return switch (entry.outcome) {
      case Outcome.Decoded _,Outcome.Encoded _ -> true;
      case Outcome.Elsewhere _,Outcome.Closed _ -> entry.spec != null;
      case Outcome.Failed _,Outcome.Ended _,Outcome.Cancelled _ -> false;
      case null -> entry.spec != null;
    };
  }

  private boolean isNext(Entry first, Entry other, int distance) {
    return first.spec instanceof Spec.Mapped && first.spec == other.spec
        && first.label == other.label && isToTell(first)
        && isToTell(other) && other.number == first.number + distance
        && (first.toldEpoch == 0) == (other.toldEpoch == 0);
  }

  private void tellInputs(Connection to, List<Entry> entries) {
    for (var entry : entries) {
      if (entry.inputs.length > 0) {
        tellInputs(to, entry);
      }
    }
  }

  private void tellInputs(Connection to, Entry entry) {
    var stack = new ArrayDeque<Entry>();
    untoldInput(entry).ifPresent(stack::push);
    while (!stack.isEmpty()) {
      var input = untoldInput(stack.getFirst());
      if (input.isPresent()) {
        stack.push(input.get());
      } else {
        say(to, List.of(stack.pop()));
        untoldInput(entry).ifPresent(stack::push);
      }
    }
  }

  private Optional<Entry> untoldInput(Entry entry) {
    for (var input : entry.inputs) {
      if (isToTell(input)) {
        return Optional.of(input);
      }
    }
    return Optional.empty();
  }

  private void say(Connection to, List<Entry> entries) {
    var first = entries.getFirst();
    var returning = first.toldEpoch != 0;
    switch (first.spec) {
      case Spec.Single single -> {
        define(single.function(), to);
        belongs(single.trace(), to);
        to.notice(new Message.Submit(first.number, first.key(), single.function().callee(),
            single.operands(), single.captured(), single.settings(), fingerprint(first),
            returning));
      }
      case Spec.Mapped mapped -> {
        define(mapped.function(), to);
        belongs(mapped.trace(), to);
        to.notice(map(entries, mapped, returning));
      }
      case Spec.Placed(var holders, var size) ->
        to.notice(new Message.Scattered(first.number, first.key(), holders, size));
      case Spec.Adopted(var name) -> adopt(to, first, name);
      case null -> sayValue(to, first);
    }
    entries.forEach(entry -> entry.toldEpoch = epoch);
  }

  private void belongs(String its, Connection to) {
    if (!its.equals(trace)) {
      to.notice(new Message.Trace(its, 1));
      trace = its;
    }
  }

  private void adopt(Connection to, Entry entry, String name) {
    try {
      adoptions.add(new Adoption(entry, to.start(new Message.Adopt(name, entry.number))));
    } catch (ConnectionLostException e) {
      LOG.debug("'{}' is asked for again on the next connection", name, e);
    }
  }

  /// What was asked for and not looked after yet.
  List<Adoption> takeAdoptions() {
    var taken = List.copyOf(adoptions);
    adoptions.clear();
    return taken;
  }

  private static Message.SubmitMap map(List<Entry> entries, Spec.Mapped mapped,
      boolean returning) {
    var first = entries.getFirst();
    if (!(first.label instanceof Label.Element(var group, _, var zero))) {
      throw new IllegalStateException("the element " + first + " of a map is not called like one");
    }
    var operands = new ArrayList<Operand>(entries.size());
    for (var entry : entries) {
      operands.add(Objects.requireNonNull(entry.operand));
    }
    return new Message.SubmitMap(first.number, group, (int) (first.number - zero),
        mapped.function().callee(), operands, mapped.captured(), mapped.settings(), returning);
  }

  /// The value is here, and how it came about has been forgotten: so it is a task that gives it.
  private void sayValue(Connection to, Entry entry) {
    var outcome = Objects.requireNonNull(entry.outcome);
    Payload payload;
    try {
      payload = outcome.payload(code.values());
    } catch (UnserializableValueException e) {
      // It came by wire once. The scheduler says of what needs it that it is lost.
      LOG.warn("'{}' cannot be an input any more, since the scheduler has forgotten it", entry, e);
      return;
    }
    define(constant, to);
    belongs("", to);
    to.notice(new Message.Submit(entry.number, entry.key(), constant.callee(),
        List.of(new Operand.Inline(payload)), List.of(), TaskSettings.DEFAULT, fingerprint(entry),
        true));
  }

  private static Optional<ContentHash> fingerprint(Entry entry) {
    return entry.label instanceof Label.Given(_, var hash) ? Optional.of(hash) : Optional.empty();
  }

  /// How many functions are kept defined.
  Map<String, Long> figures() {
    return Map.of("functions", (long) cached.size(), "bytes", cachedBytes);
  }
}
