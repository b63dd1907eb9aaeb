package dev.heddle.code;

import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.ContentHash;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The classes and resources that a class loader of this program sees, as another node asks for
/// them. Does not hold the loader alive.
final class OriginCode implements Library {
  /// What is known of so many names; then it is looked up anew.
  private static final int NAMES_MAX = 50_000;

  private final CodeBaseId id;
  private final WeakReference<ClassLoader> loader;
  private final Origins origins;
  private final ConcurrentHashMap<String, Item> items = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<ContentHash, String> names = new ConcurrentHashMap<>();

  OriginCode(CodeBaseId id, ClassLoader loader, Origins origins) {
    this.id = id;
    this.loader = new WeakReference<>(loader);
    this.origins = origins;
  }

  Optional<ClassLoader> loader() {
    return Optional.ofNullable(loader.get());
  }

  @Override
  public Optional<Item> item(String name, BlobCache blobs) {
    var known = items.get(name);
    if (known != null) {
      return Optional.of(known);
    }
    var from = loader.get();
    return from == null || !Names.isSound(name) ? Optional.empty() : look(name, from, blobs);
  }

  private Optional<Item> look(String name, ClassLoader from, BlobCache blobs) {
    var content = read(from, name);
    if (content == null) {
      return Optional.empty();
    }
    if (items.size() >= NAMES_MAX) {
      items.clear();
      names.clear();
    }
    var hash = ContentHash.of(content);
    var owner = Names.isClass(name) ? owner(from, name) : id;
    var references = Names.isClass(name) ? References.of(content) : List.<String>of();
    var item = new Item(owner, hash, content.length, references);
    blobs.put(hash, content);
    names.put(hash, name);
    items.put(name, item);
    return Optional.of(item);
  }

  /// The code base of the topmost loader that has this class at the same place, for that is the one
  /// that defines it.
  private CodeBaseId owner(ClassLoader from, String name) {
    var place = from.getResource(name);
    var owner = from;
    for (var at = from.getParent(); isOfProgram(at); at = at.getParent()) {
      var there = at.getResource(name);
      if (there == null || place == null || !isSame(there, place)) {
        break;
      }
      owner = at;
    }
    return owner.equals(from) ? id : origins.idOf(owner);
  }

  private static boolean isOfProgram(@Nullable ClassLoader loader) {
    return loader != null && !loader.equals(ClassLoader.getPlatformClassLoader())
        && !(loader instanceof SharedLoader);
  }

  /// By their text: comparing URLs may ask the network for the addresses of hosts.
  private static boolean isSame(URL one, URL other) {
    return one.toExternalForm().equals(other.toExternalForm());
  }

  /// The content again, if it was let go meanwhile.
  Optional<byte[]> reread(ContentHash hash) {
    var name = names.get(hash);
    var from = loader.get();
    if (name == null || from == null) {
      return Optional.empty();
    }
    return Optional.ofNullable(read(from, name))
        .filter(content -> ContentHash.of(content).equals(hash));
  }

  private static byte @Nullable [] read(ClassLoader from, String name) {
    if (!Names.isClass(name)) {
      var number = Names.numberOf(name);
      var places = places(from, Names.withoutNumber(name));
      if (number < places.size()) {
        return read(places.get(number));
      }
      if (number > 0 || from.getResource(name) != null) {
        return null;
      }
    }
    try (var in = from.getResourceAsStream(name)) {
      return read(in);
    } catch (IOException _) {
      // Unreadable is as good as absent: the loader itself would not get it either.
      return null;
    }
  }

  private static byte @Nullable [] read(URL place) {
    try {
      var connection = place.openConnection();
      connection.setUseCaches(false);
      try (var in = connection.getInputStream()) {
        return read(in);
      }
    } catch (IOException _) {
      return null;
    }
  }

  private static byte @Nullable [] read(@Nullable InputStream in) throws IOException {
    if (in == null) {
      return null;
    }
    var content = in.readNBytes(CodeLimits.RESOURCE_BYTES_MAX + 1);
    return content.length > CodeLimits.RESOURCE_BYTES_MAX ? null : content;
  }

  @Override
  public int count(String name) {
    var from = loader.get();
    return from == null || !Names.isSound(name) ? 0 : places(from, name).size();
  }

  /// Where the loader finds a name, the JDK left out.
  private static List<URL> places(ClassLoader from, String name) {
    var places = new ArrayList<URL>();
    try {
      var found = from.getResources(name);
      while (found.hasMoreElements() && places.size() < CodeLimits.NAMES_MAX) {
        var place = found.nextElement();
        if (!place.getProtocol().equals("jrt")) {
          places.add(place);
        }
      }
    } catch (IOException _) {
      return List.of();
    }
    return places;
  }
}
