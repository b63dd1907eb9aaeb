package dev.heddle.code;

import dev.heddle.wire.ContentHash;
import java.util.LinkedHashMap;
import java.util.Optional;

/// Contents by their hash; the least recently used ones go when there are too many bytes. Any thread
/// may use it.
final class BlobCache {
  private final long bytesMax;
  private final LinkedHashMap<ContentHash, byte[]> blobs = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  BlobCache(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  synchronized Optional<byte[]> get(ContentHash hash) {
    return Optional.ofNullable(blobs.get(hash));
  }

  synchronized boolean contains(ContentHash hash) {
    return blobs.containsKey(hash);
  }

  /// Keeps a content, unless it alone is more than may be kept.
  synchronized void put(ContentHash hash, byte[] content) {
    if (content.length > bytesMax || blobs.putIfAbsent(hash, content) != null) {
      return;
    }
    bytes += content.length;
    var oldest = blobs.entrySet().iterator();
    while (bytes > bytesMax) {
      bytes -= oldest.next().getValue().length;
      oldest.remove();
    }
  }
}
