package dev.heddle.code;

import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.ContentHash;
import dev.heddle.wire.Payload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A connection to another node that copies every byte, counts the questions, and breaks on demand.
final class Wire implements CodeSource {
  private final String name;
  private final CodeBases other;
  private final boolean isOrigin;
  final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  volatile @Nullable IOException broken;
  volatile boolean isLying;

  Wire(String name, CodeBases other, boolean isOrigin) {
    this.name = name;
    this.other = other;
    this.isOrigin = isOrigin;
  }

  static Wire to(Program program) {
    return new Wire("client", program.codeBases, true);
  }

  static Payload copy(Payload payload) {
    var buffers = payload.buffers().stream().map(buffer -> {
      var copy = buffer.kind().allocate(buffer.sizeBytes());
      copy.segment().copyFrom(buffer.segment());
      return copy;
    }).toList();
    return new Payload(payload.codec(), payload.codeBases(), payload.header().clone(), buffers);
  }

  @Override
  public Map<String, ContentHash> find(CodeBaseId codeBase, List<String> names)
      throws IOException, InterruptedException {
    ask("find " + names);
    var answer = new LinkedHashMap<String, ContentHash>();
    other.find(codeBase, names)
        .forEach((text, hash) -> answer.put(text, ContentHash.ofDigest(hash.digest())));
    return answer;
  }

  @Override
  public List<Optional<byte[]>> blobs(List<ContentHash> hashes)
      throws IOException, InterruptedException {
    ask("blobs " + hashes.size());
    return other.blobs(hashes).stream().map(content -> content.map(byte[]::clone).map(bytes -> {
      if (isLying) {
        bytes[bytes.length - 1]++;
      }
      return bytes;
    })).toList();
  }

  private void ask(String question) throws IOException, InterruptedException {
    asked.add(question);
    if (Thread.interrupted()) {
      throw new InterruptedException("while asking " + this);
    }
    var failure = broken;
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public boolean isOrigin() {
    return isOrigin;
  }

  @Override
  public String toString() {
    return name;
  }
}
