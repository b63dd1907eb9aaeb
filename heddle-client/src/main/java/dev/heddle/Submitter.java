package dev.heddle;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heddle.code.RemoteFunction;
import dev.heddle.code.TaskTracing;
import dev.heddle.values.UnserializableValueException;
import dev.heddle.wire.Message;
import dev.heddle.wire.Operand;
import dev.heddle.wire.Payload;
import dev.heddle.wire.TaskKeys;
import dev.heddle.wire.UnsendableException;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// Makes submissions of functions and their arguments, in the threads of those who submit.
final class Submitter {
  private static final int LABELS_MAX = 1_000;

  private final ClientCore core;
  private final Functions functions;
  private final ConcurrentHashMap<String, Label> labels = new ConcurrentHashMap<>();

  Submitter(ClientCore core) {
    this.core = core;
    this.functions = new Functions(core);
  }

  /// Submits one task.
  Handle<?> submit(RemoteFunction function, List<? extends Input<?>> inputs, TaskOptions options) {
    core.ledger().checkOpen();
    var site = CallSite.ofOne(core.ledger().ownPlaces());
    awaitRoom();
    try (var encoding = new Encoding(core)) {
      var encoded = functions.encode(core.travelling(function), encoding, site, false);
      var operands = new ArrayList<Operand>(inputs.size());
      for (var input : inputs) {
        operands.add(operand(input, encoding));
      }
      var label = options.isPure()
          ? given(function, inputs, encoding, options)
          : named(options.name().orElseGet(() -> FunctionInfo.of(function).name()));
      return submit(new Submission(core.ledger().reserve(1), label,
          new Spec.Single(encoded, operands, encoding.capturedNumbers(), options.settings(),
              contextHere()),
          List.of(), encoding.all(), Submission.NO_OWN, site)).getFirst();
    } finally {
      Reference.reachabilityFence(function);
      Reference.reachabilityFence(inputs);
    }
  }

  /// Which trace this thread is in; empty for none, and for one that is longer than it may be.
  private static String contextHere() {
    return TaskTracing.ofThisProcess().map(TaskTracing::context)
        .filter(context -> context.getBytes(UTF_8).length <= Message.Trace.CONTEXT_BYTES_MAX)
        .orElse("");
  }

  /// Waits until what was submitted before has left.
  void awaitRoom() {
    try {
      core.ledger().awaitRoom();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RejectedExecutionException("interrupted while the scheduler took in what was"
          + " submitted before; nothing was submitted", e);
    }
  }

  List<Handle<?>> submit(Submission submission) {
    try {
      return core.ledger().submit(submission);
    } catch (UnsendableException e) {
      throw new IllegalArgumentException("'" + submission.label().key(submission.first())
          + "' cannot be submitted: " + e.getMessage() + "; hand large values over with"
          + " client.scatter(value)", e);
    }
  }

  private Operand operand(Input<?> input, Encoding encoding) {
    return switch (input) {
      case GivenInput<?>(var value) -> new Operand.Inline(encode(value, encoding));
      case CapturedFuture<?> here -> new Operand.Inline(encode(here.value(), encoding));
      case Handle<?> handle -> new Operand.OfTask(encoding.need(handle).number);
    };
  }

  private Payload encode(@Nullable Object value, Encoding encoding) {
    return Encoding.isPlain(value)
        ? core.code().values().encode(value)
        : encoding.run(() -> core.code().values().encode(value));
  }

  private Label named(String name) {
    var known = labels.get(name);
    if (known != null) {
      return known;
    }
    if (labels.size() >= LABELS_MAX) {
      labels.clear();
    }
    return labels.computeIfAbsent(name,
        _ -> new Label.Named(name, core.session().namespace(), core.id()));
  }

  private Label given(RemoteFunction function, List<? extends Input<?>> inputs, Encoding encoding,
      TaskOptions options) {
    var info = FunctionInfo.of(function);
    var of = new Fingerprint();
    info.code().ifPresent(of::add);
    of.add(encoding.run(() -> core.code().values().encode(core.travelling(function))));
    for (var input : inputs) {
      switch (input) {
        case GivenInput<?>(var value) -> of.add(encode(value, encoding));
        case RemoteFuture<?> future -> of.add(future.key());
      }
    }
    encoding.captured().forEach(entry -> of.add(entry.key()));
    var hash = of.hash();
    var name = options.name().orElseGet(info::name);
    // A key that the program gave stands for one computation; a pure function has many.
    var text = options.isKeyed()
        ? name
        : name + "-" + HexFormat.of().formatHex(hash.digest(), 0, 8);
    return new Label.Given(TaskKeys.given(text, core.session().namespace(), hash), hash);
  }

  // --- maps

  /// Submits one task an element, many with one message.
  ///
  /// @param size how many elements there are, -1 if that is not known
  List<Handle<?>> map(Iterator<? extends @Nullable Object> elements, int size,
      RemoteFunction function, TaskOptions options) {
    core.ledger().checkOpen();
    if (options.isPure()) {
      return oneByOne(elements, function, options);
    }
    var site = CallSite.here();
    var handles = new ArrayList<Handle<?>>(Math.max(size, 10));
    try (var encoding = new Encoding(core)) {
      var encoded = functions.encode(core.travelling(function), encoding, site, true);
      try {
        var name = options.name().orElseGet(() -> FunctionInfo.of(function).name());
        new Mapping(encoded, encoding, name, size, options, site, handles).run(elements);
        return handles;
      } finally {
        functions.done(encoded);
      }
    } catch (RuntimeException | Error e) {
      core.ledger().drop(handles.stream().map(Handle::entry).toList());
      throw e;
    } finally {
      Reference.reachabilityFence(function);
    }
  }

  private List<Handle<?>> oneByOne(Iterator<? extends @Nullable Object> elements,
      RemoteFunction function, TaskOptions options) {
    var handles = new ArrayList<Handle<?>>();
    elements.forEachRemaining(element -> handles.add(submit(function, List.of(input(element)),
        options)));
    return handles;
  }

  private static Input<?> input(@Nullable Object element) {
    return element instanceof Input<?> input
        ? input
        : new GivenInput<@Nullable Object>(element);
  }

  /// One map on its way, in chunks that grow, so that the first task begins early and the last cost
  /// little.
  private final class Mapping {
    private static final int COUNT_FIRST = 16;
    private static final int COUNT_MAX = 8_192;
    private static final int BYTES_FIRST = 4 << 10;
    private static final int BYTES_MAX = 128 << 10;

    private final EncodedFunction function;
    private final Encoding captured;
    private final String name;
    private final int size;
    private final TaskOptions options;
    private final CallSite site;
    private final List<Handle<?>> handles;
    private final Spec.Mapped spec;
    private final List<Operand> operands = new ArrayList<>();
    private final List<@Nullable Entry> own = new ArrayList<>();
    /// Keeps the futures of the elements themselves.
    private Encoding pinned = new Encoding(core);
    private boolean hasOwn;
    private long bytes;
    private int countMax = COUNT_FIRST;
    private int bytesMax = BYTES_FIRST;
    private int index;
    private long reserved;
    private long next;
    private @Nullable Label label;

    Mapping(EncodedFunction function, Encoding captured, String name, int size,
        TaskOptions options, CallSite site, List<Handle<?>> handles) {
      this.function = function;
      this.captured = captured;
      this.name = name;
      this.size = size;
      this.options = options;
      this.site = site;
      this.handles = handles;
      this.spec = new Spec.Mapped(function, captured.capturedNumbers(), options.settings(),
          contextHere());
    }

    void run(Iterator<? extends @Nullable Object> elements) {
      try {
        for (; elements.hasNext(); index++) {
          add(elements.next());
        }
        send();
      } catch (UnserializableValueException e) {
        throw new IllegalArgumentException(
            "element " + index + " of the map '" + name + "' " + e.getMessage(), e);
      } finally {
        pinned.close();
      }
    }

    private void add(@Nullable Object element) {
      var input = input(element);
      if (input instanceof GivenInput<?>(var value) && !Encoding.isPlain(value)) {
        addObject(input);
      } else {
        add(operand(input, pinned),
            input instanceof Handle<?> handle ? handle.entry() : null);
      }
    }

    private void add(Operand operand, @Nullable Entry input) {
      operands.add(operand);
      own.add(input);
      hasOwn |= input != null;
      bytes += operand instanceof Operand.Inline(var payload) ? payload.sizeBytes() : 8;
      if (operands.size() >= countMax || bytes >= bytesMax) {
        send();
      }
    }

    /// An object may have futures in it, for which this element alone has to wait.
    private void addObject(Input<?> input) {
      try (var encoding = new Encoding(core)) {
        var operand = operand(input, encoding);
        if (encoding.all().isEmpty()) {
          add(operand, null);
          return;
        }
        send();
        var numbers = new ArrayList<>(captured.capturedNumbers());
        numbers.addAll(encoding.capturedNumbers());
        var needs = new ArrayList<>(captured.all());
        needs.addAll(encoding.all());
        send(List.of(operand), new Spec.Mapped(function, numbers, options.settings(), spec.trace()),
            needs,
            Submission.NO_OWN);
      }
    }

    private void send() {
      if (operands.isEmpty()) {
        return;
      }
      send(List.copyOf(operands), spec, captured.all(),
          hasOwn ? own.toArray(new @Nullable Entry[0]) : Submission.NO_OWN);
      operands.clear();
      own.clear();
      hasOwn = false;
      bytes = 0;
      pinned.close();
      pinned = new Encoding(core);
      countMax = Math.min(COUNT_MAX, 2 * countMax);
      bytesMax = Math.min(BYTES_MAX, 2 * bytesMax);
    }

    private void send(List<Operand> some, Spec with, List<Entry> needs, @Nullable Entry[] each) {
      awaitRoom();
      var count = some.size();
      if (label == null || reserved < count) {
        reserved = Math.max(count, size - handles.size());
        var first = core.ledger().reserve((int) reserved);
        label = new Label.Element(TaskKeys.numbered(name, core.session().namespace(), core.id(),
            first), first);
        next = first;
      }
      handles.addAll(submit(new Submission(next, label, with, some, needs, each, site)));
      next += count;
      reserved -= count;
    }

  }
}
