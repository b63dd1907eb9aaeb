package dev.heddle.scheduler;

import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.ContentHash;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// What clients said about their code: which content is behind which names, and the contents. Those
/// used least recently go when there is too much. Belongs to [CodeRelay], which guards it.
final class CodeCache {
  private static final int NAMES_MAX = 100_000;

  private final long bytesMax;
  private final SequencedMap<CodeQuestion.Names, Map<String, ContentHash>> answers = lru();
  private int names;
  private final SequencedMap<ContentHash, CodeBaseId> origins = lru();
  private final SequencedMap<ContentHash, byte[]> contents = lru();
  private long bytes;

  CodeCache(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  private static <K, V> SequencedMap<K, V> lru() {
    return new LinkedHashMap<>(16, 0.75f, true);
  }

  Optional<Map<String, ContentHash>> answer(CodeQuestion.Names question) {
    return Optional.ofNullable(answers.get(question));
  }

  /// An answer that lacks something that was asked for is not kept: it may be there later.
  void put(CodeQuestion.Names question, Map<String, ContentHash> answer) {
    answer.values().forEach(hash -> origins.put(hash, question.codeBase()));
    while (origins.size() > NAMES_MAX) {
      origins.pollFirstEntry();
    }
    if (answer.keySet().stream().map(CodeQuestion::plainName).toList()
        .containsAll(question.names()) && answers.put(question, answer) == null) {
      names += answer.size() + question.names().size();
      while (names > NAMES_MAX) {
        var gone = answers.pollFirstEntry();
        names -= gone.getValue().size() + gone.getKey().names().size();
      }
    }
  }

  /// The program of this code base no longer has what it said.
  void forgetAnswers(CodeBaseId codeBase) {
    answers.entrySet().removeIf(entry -> {
      var isGone = entry.getKey().codeBase().equals(codeBase);
      names -= isGone ? entry.getValue().size() + entry.getKey().names().size() : 0;
      return isGone;
    });
  }

  /// Of which code base this content was said to be.
  Optional<CodeBaseId> origin(ContentHash hash) {
    return Optional.ofNullable(origins.get(hash));
  }

  Optional<byte[]> content(ContentHash hash) {
    return Optional.ofNullable(contents.get(hash));
  }

  boolean hasAll(List<ContentHash> hashes) {
    return contents.keySet().containsAll(hashes);
  }

  void put(ContentHash hash, byte[] content) {
    if (content.length > bytesMax || contents.put(hash, content) != null) {
      return;
    }
    bytes += content.length;
    while (bytes > bytesMax) {
      bytes -= contents.pollFirstEntry().getValue().length;
    }
  }

  long bytes() {
    return bytes;
  }
}
