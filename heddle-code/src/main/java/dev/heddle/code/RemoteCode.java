package dev.heddle.code;

import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.ContentHash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A code base of another program, as far as this node knows it: what the sources said of its names,
/// and the loader that defines its classes here. Any thread may use it.
final class RemoteCode implements Library {
  /// So many names are remembered; then they are asked for anew.
  private static final int NAMES_MAX = 100_000;
  private static final long RETRY_PAUSE_MILLIS = 50;

  /// How a search ended.
  sealed interface Found {
    /// @param owner
    ///          the code base whose loader defines it
    // Handed from the cache to `defineClass`; a copy would serve nobody.
    @SuppressWarnings("ArrayRecordComponent")
    record Content(CodeBaseId owner, byte[] bytes) implements Found {}

    /// @param looked
    ///          who was asked, and what each said
    record Absent(String looked) implements Found {}
  }

  /// What a name stands for, and who defines it.
  private record Answer(CodeBaseId owner, ContentHash hash) {}

  private record Absence(long sinceNanos, String looked) {}

  private final CodeBaseId id;
  private final CodeBases node;
  private final Sources sources = new Sources();
  private final Parents parents;
  private final CodeBaseLoader loader;
  private final ConcurrentHashMap<String, Answer> known = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Absence> absent = new ConcurrentHashMap<>();

  RemoteCode(CodeBaseId id, CodeBases node) {
    this.id = id;
    this.node = node;
    this.parents = new Parents(this, node);
    this.loader = new CodeBaseLoader(this);
  }

  CodeBaseId id() {
    return id;
  }

  CodeBaseLoader loader() {
    return loader;
  }

  Sources sources() {
    return sources;
  }

  Parents parents() {
    return parents;
  }

  /// Finds a class or resource, here or with the sources. A source that was lost may come back, so they are asked
  /// again for a while.
  ///
  /// @throws CodeUnavailableException
  ///           if it could not be had although it may exist
  Found fetch(String name) {
    var deadline = System.nanoTime() + node.retryNanos();
    for (var pauseMillis = RETRY_PAUSE_MILLIS;; pauseMillis *= 2) {
      try {
        return fetchOnce(name);
      } catch (CodeUnavailableException e) {
        var leftMillis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (leftMillis <= 0 || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        try {
          TimeUnit.MILLISECONDS.sleep(Math.min(pauseMillis, leftMillis));
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
          throw e;
        }
      }
    }
  }

  private Found fetchOnce(String name) {
    var inquiry = new Inquiry(id, name, sources.inOrder());
    try {
      var answer = known.get(name);
      if (answer == null) {
        var absence = absent.get(name);
        if (absence != null && node.isFresh(absence.sinceNanos())) {
          return new Found.Absent(absence.looked());
        }
        answer = ask(inquiry);
      }
      return answer == null
          ? absence(inquiry)
          : new Found.Content(answer.owner(), content(inquiry, answer));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CodeUnavailableException(inquiry.interrupted(), e);
    }
  }

  private @Nullable Answer ask(Inquiry inquiry) throws InterruptedException {
    for (var source : inquiry.sources()) {
      try {
        var names = source.find(id, List.of(inquiry.name()));
        inquiry.lookAhead(learn(names));
        var answer = known.get(inquiry.name());
        if (answer != null) {
          return answer;
        }
        inquiry.denied(source);
      } catch (IOException | IllegalArgumentException e) {
        inquiry.failed(source, e.toString());
      }
    }
    return null;
  }

  private List<ContentHash> learn(Map<String, ContentHash> names) {
    if (known.size() + names.size() > NAMES_MAX) {
      known.clear();
    }
    var hashes = new ArrayList<ContentHash>();
    names.forEach((text, hash) -> {
      var answered = Names.answered(text);
      known.putIfAbsent(answered.name(), new Answer(answered.owner().orElse(id), hash));
      hashes.add(hash);
    });
    return hashes;
  }

  private Found absence(Inquiry inquiry) {
    if (!inquiry.isFinal()) {
      throw new CodeUnavailableException(inquiry.unavailable());
    }
    if (absent.size() >= NAMES_MAX) {
      absent.clear();
    }
    absent.put(inquiry.name(), new Absence(node.nanos(), inquiry.looked()));
    return new Found.Absent(inquiry.looked());
  }

  private byte[] content(Inquiry inquiry, Answer answer) throws InterruptedException {
    var cached = node.blobs().get(answer.hash());
    if (cached.isPresent()) {
      return cached.get();
    }
    var wanted = inquiry.wanted(answer.hash(), node.blobs());
    for (var source : inquiry.sources()) {
      try {
        var content = take(wanted, source.blobs(wanted));
        if (content.isPresent()) {
          return content.get();
        }
        inquiry.failed(source, "it no longer has content " + answer.hash());
      } catch (IOException e) {
        inquiry.failed(source, e.toString());
      }
    }
    // Perhaps the program has changed; the next attempt asks for the name again.
    known.remove(inquiry.name(), answer);
    throw new CodeUnavailableException(inquiry.unavailable());
  }

  /// Keeps what came.
  ///
  /// @return the first of them
  /// @throws IOException
  ///           if it is not what was asked for
  private Optional<byte[]> take(List<ContentHash> wanted, List<Optional<byte[]>> contents)
      throws IOException {
    if (contents.size() != wanted.size()) {
      throw new IOException("it sent " + contents.size() + " contents, " + wanted.size()
          + " were asked for");
    }
    for (var i = 0; i < wanted.size(); i++) {
      if (contents.get(i).isPresent()) {
        var content = contents.get(i).get();
        if (!ContentHash.of(content).equals(wanted.get(i))) {
          throw new IOException("it sent other bytes than those of content " + wanted.get(i));
        }
        node.blobs().put(wanted.get(i), content);
      }
    }
    return contents.getFirst();
  }

  /// Whether a code base that defines some of the classes which this one sees came from here.
  boolean isOfThisProgram(CodeBaseId owner) {
    return node.isOwn(owner);
  }

  Class<?> load(CodeBaseId owner, String name) throws ClassNotFoundException {
    return node.load(Optional.of(owner), name);
  }

  /// The loader of a code base that defines some of the classes which this one sees.
  ///
  /// @throws CodeUnavailableException
  ///           if this code base is being dropped
  CodeBaseLoader loaderOf(CodeBaseId owner) {
    return owner.equals(id) ? loader : parents.get(owner).loader();
  }

  @Override
  public Optional<Item> item(String name, BlobCache blobs) {
    var answer = known.get(name);
    if (answer == null) {
      return Optional.empty();
    }
    return blobs.get(answer.hash()).map(content -> new Item(answer.owner(), answer.hash(),
        content.length, Names.isClass(name) ? References.of(content) : List.of()));
  }

  @Override
  public int count(String name) {
    var count = 0;
    while (known.containsKey(Names.numbered(name, count))) {
      count++;
    }
    return count;
  }
}
