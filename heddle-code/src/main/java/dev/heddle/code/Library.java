package dev.heddle.code;

import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.ContentHash;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What this node can tell others of one code base.
interface Library {
  /// So many names are added to an answer beyond what was asked.
  int NEIGHBOURS_MAX = 64;
  /// So many bytes are behind them.
  int NEIGHBOUR_BYTES_MAX = 256 * 1024;

  /// What is behind a name.
  ///
  /// @param owner
  ///          the code base whose loader defines it
  /// @param references
  ///          for a class, the names of the classes that it mentions
  record Item(CodeBaseId owner, ContentHash hash, int sizeBytes, List<String> references) {}

  Optional<Item> item(String name, BlobCache blobs);

  /// How many resources have this name; the second and further ones are [Names#numbered].
  int count(String name);

  /// Answers a question, and adds what will probably be asked next: the classes that those asked for
  /// mention, those that these mention, and so on.
  static Map<String, ContentHash> find(Library library, CodeBaseId id, List<String> names,
      BlobCache blobs) {
    var answer = new LinkedHashMap<String, ContentHash>();
    var ahead = new ArrayDeque<String>();
    for (var name : names) {
      var item = library.item(name, blobs);
      if (item.isPresent()) {
        put(answer, id, name, item.get());
        ahead.addAll(item.get().references());
        others(library, id, name, blobs, answer);
      }
    }
    var bytes = 0;
    var limit = answer.size() + NEIGHBOURS_MAX;
    var seen = new java.util.HashSet<>(names);
    while (!ahead.isEmpty() && answer.size() < limit) {
      var name = ahead.remove();
      var item = seen.add(name) ? library.item(name, blobs) : Optional.<Item>empty();
      if (item.isPresent() && bytes + item.get().sizeBytes() <= NEIGHBOUR_BYTES_MAX) {
        bytes += item.get().sizeBytes();
        put(answer, id, name, item.get());
        ahead.addAll(item.get().references());
      }
    }
    return answer;
  }

  private static void others(Library library, CodeBaseId id, String name, BlobCache blobs,
      Map<String, ContentHash> answer) {
    if (Names.isClass(name)) {
      return;
    }
    var count = library.count(name);
    for (var number = 1; number < count; number++) {
      var other = Names.numbered(name, number);
      library.item(other, blobs).ifPresent(item -> put(answer, id, other, item));
    }
  }

  private static void put(Map<String, ContentHash> answer, CodeBaseId id, String name, Item item) {
    answer.put(item.owner().equals(id) ? name : Names.owned(item.owner(), name), item.hash());
  }
}
