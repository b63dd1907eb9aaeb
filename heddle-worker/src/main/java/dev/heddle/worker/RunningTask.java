package dev.heddle.worker;

import dev.heddle.code.CodeBases;
import dev.heddle.code.TaskScope;
import dev.heddle.wire.Address;
import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.Key;
import dev.heddle.wire.Secret;
import dev.heddle.worker.WorkerCommand.Execute;
import java.lang.foreign.MemorySegment;
import java.nio.charset.Charset;
import java.util.Collections;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What surrounds one call of a function. For the thread that runs it, and those that it hands its
/// scope to.
final class RunningTask implements TaskScope {
  /// What one worker offers to all functions.
  ///
  /// @param shared things that outlive a task
  /// @param memory for results
  /// @param printed what functions print
  record Node(String name, NodeCode code, Secret secret, SharedThings shared,
      SharedMemory memory, Printed printed) {}

  private final Execute command;
  private final Node node;
  private final Slots slots;
  /// Of its own thread, which alone runs the function.
  private long printedBytes;
  /// The function's, and those of the inputs that it was given.
  private Set<CodeBaseId> codeBases;

  RunningTask(Execute command, Node node, Slots slots) {
    this.command = command;
    this.node = node;
    this.slots = slots;
    this.codeBases = command.work().function().codeBases();
  }

  /// Gives the slot of a call away and takes it back.
  interface Slots {
    /// @throws IllegalStateException if too many functions wait already
    void giveSlot(Execute command);

    void takeSlot(Execute command);
  }

  @Override
  public Key key() {
    return command.key();
  }

  /// How much its function has printed by now.
  long printedBytes() {
    return printedBytes;
  }

  /// Its function writes to standard output, or to standard error, or logs.
  void prints(Printed.Stream stream, byte[] bytes, int offset, int length, Charset charset) {
    printedBytes += length;
    node.printed().add(command.key(), stream, bytes, offset, length, charset);
  }

  @Override
  public String worker() {
    return node.name();
  }

  @Override
  public @Nullable Object input(Key key) {
    if (!(command.inputs().get(key) instanceof StoredValue value)) {
      throw new IllegalStateException("'" + key + "' is not among the inputs of '" + command.key()
          + "', which are " + command.inputs().keySet());
    }
    return value.objectFor(codeBasesWith(value), node.code());
  }

  private synchronized Set<CodeBaseId> codeBasesWith(StoredValue value) {
    if (!codeBases.containsAll(value.codeBases())) {
      var more = new HashSet<>(codeBases);
      more.addAll(value.codeBases());
      codeBases = Collections.unmodifiableSet(more);
    }
    return codeBases;
  }

  /// All that the result may have classes of.
  synchronized Set<CodeBaseId> codeBasesUsed() {
    return codeBases;
  }

  @Override
  public Optional<Address> scheduler() {
    return command.work().scheduler();
  }

  @Override
  public Secret secret() {
    return node.secret();
  }

  @Override
  public CodeBases codeBases() {
    return node.code().codeBases();
  }

  @Override
  public <T extends @Nullable Object> T withoutSlot(Callable<T> wait) throws Exception {
    slots.giveSlot(command);
    try {
      return wait.call();
    } finally {
      slots.takeSlot(command);
    }
  }

  @Override
  public Optional<MemorySegment> allocate(long sizeBytes) {
    return node.memory().allocate(sizeBytes);
  }

  @Override
  public <T extends AutoCloseable> T shared(Class<T> type, Supplier<T> maker) {
    return node.shared().get(scheduler(), type, maker);
  }
}
