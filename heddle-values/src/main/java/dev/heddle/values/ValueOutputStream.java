package dev.heddle.values;

import dev.heddle.wire.Bulk;
import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.Payload;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// JDK serialization that puts large leaves beside the stream, says of each class which code base it
/// belongs to (one byte: 0 for none, else its position in [Payload#codeBases] plus 1), and has a
/// [StandIn] for values that the JDK forgot to make serializable.
final class ValueOutputStream extends ObjectOutputStream {
  private final ClassResolver classes;
  private final List<CodeBaseId> codeBases = new ArrayList<>();
  private final List<Bulk> buffers = new ArrayList<>();
  private final IdentityHashMap<Object, StandIn> standIns = new IdentityHashMap<>();

  ValueOutputStream(OutputStream out, ClassResolver classes) throws IOException {
    super(out);
    this.classes = classes;
    enableReplaceObject(true);
  }

  List<CodeBaseId> codeBases() {
    return codeBases;
  }

  List<Bulk> buffers() {
    return buffers;
  }

  @Override
  protected void annotateClass(Class<?> type) throws IOException {
    var codeBase = classes.codeBaseOf(type);
    writeByte(codeBase.isPresent() ? index(codeBase.get()) : 0);
  }

  @Override
  protected void annotateProxyClass(Class<?> type) throws IOException {
    annotateClass(type);
  }

  private int index(CodeBaseId codeBase) throws IOException {
    var index = codeBases.indexOf(codeBase);
    if (index >= 0) {
      return index + 1;
    }
    if (codeBases.size() == Payload.CODE_BASES_MAX) {
      throw new InvalidClassException("one value mixes classes of more than "
          + Payload.CODE_BASES_MAX + " class loaders; send it in several");
    }
    codeBases.add(codeBase);
    return codeBases.size();
  }

  @Override
  protected @Nullable Object replaceObject(@Nullable Object value) throws IOException {
    if (value == null) {
      return null;
    }
    var known = standIns.get(value);
    if (known != null) {
      return known;
    }
    var standIn = standIn(value);
    if (standIn.isEmpty()) {
      return value;
    }
    standIns.put(value, standIn.get());
    return standIn.get();
  }

  private Optional<StandIn> standIn(Object value) {
    if (buffers.size() < Payload.BUFFERS_MAX) {
      var part = Part.of(value);
      if (part.isPresent()) {
        buffers.add(part.get().bulk());
        return Optional.of(new StandIn.OfPart(buffers.size() - 1, part.get().form().code()));
      }
    }
    return StandIn.of(value);
  }
}
