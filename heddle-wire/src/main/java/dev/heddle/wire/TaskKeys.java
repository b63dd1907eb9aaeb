package dev.heddle.wire;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/// How the keys of a scheduler's tasks are made, so that no two tasks of any two clients or
/// schedulers ever share one, and a scheduler knows its own:
///
/// - `count-abcdefghi-17`: the name, the scheduler's namespace (3 characters) and the client's tag
///   (6), the client's number of the task;
/// - `count-abcdefghi-17/4`: the element 4 of a map whose first task has the number 17, so number 21;
/// - `prices@abcdefghijklm`: a key that the client gave, the namespace, and 10 characters of the
///   fingerprint of function and inputs.
public final class TaskKeys {
  /// The length of a namespace.
  public static final int NAMESPACE_LENGTH = 3;
  /// The longest key of a map, so that there is room for the number of each element.
  public static final int GROUP_BYTES_MAX = Key.BYTES_MAX - 1 - KeyStem.DIGITS_MAX;
  private static final int FINGERPRINT_LENGTH = 10;
  /// What a client adds to the name of a pure function.
  private static final Pattern PURE = Pattern.compile("-[0-9a-f]{16}$");

  /// A key that was made from a client's number.
  public record Numbered(ClientId client, long number) {}

  /// What the keys of one client's tasks begin with, or those of one of its maps.
  ///
  /// @param first what is added to the number at the end of a key
  record Series(String namespace, ClientId client, long first) {
    boolean isOf(String other) {
      return namespace.equals(other);
    }

    /// @param text what the keys begin with: up to a `-` or a `/`
    static Optional<Series> of(String text) {
      var group = text.endsWith("/") ? text.substring(0, text.length() - 1) : text + "0";
      var tagsEnd = group.lastIndexOf('-');
      var namespaceAt = tagsEnd - NAMESPACE_LENGTH - ClientId.LENGTH;
      if (namespaceAt < 2 || text.indexOf('@') >= 0 || group.indexOf('/') >= 0) {
        return Optional.empty();
      }
      var namespace = group.substring(namespaceAt, namespaceAt + NAMESPACE_LENGTH);
      return isNamespace(namespace)
          ? numberedOf(group, namespace)
              .map(numbered -> new Series(namespace, numbered.client(), numbered.number()))
          : Optional.empty();
    }
  }

  private TaskKeys() {}

  /// The namespace of the scheduler at an address: the same whenever it is started there.
  public static String namespaceOf(Address address) {
    var digest = ContentHash.of((address.host() + ":" + address.port())
        .getBytes(StandardCharsets.UTF_8)).digest();
    return ClientId.tag(bits(digest), NAMESPACE_LENGTH);
  }

  public static boolean isNamespace(String text) {
    return ClientId.isTag(text, NAMESPACE_LENGTH);
  }

  /// The key of a task that has none of its own.
  ///
  /// @param name for people; what cannot stand in a key is replaced
  public static Key numbered(String name, String namespace, ClientId client, long number) {
    return numbered(name, namespace, client).key(number);
  }

  /// The key of one task of a map. For many of them, see [#elements].
  public static Key element(Key group, int index) {
    return elements(group).key(index);
  }

  static void checkGroup(Key group) {
    if (group.length() > GROUP_BYTES_MAX / 3) {
      var bytes = group.text().getBytes(StandardCharsets.UTF_8).length;
      if (bytes > GROUP_BYTES_MAX) {
        throw new IllegalArgumentException("the key of a map has " + bytes + " bytes; at most "
            + GROUP_BYTES_MAX + " are allowed, so that the keys of its elements are no longer than "
            + Key.BYTES_MAX + ": '" + group.text().substring(0, 40) + "…'");
      }
    }
  }

  /// What the keys of the tasks of a map begin with; their index follows.
  ///
  /// @param group at most [#GROUP_BYTES_MAX] bytes
  public static KeyStem elements(Key group) {
    return KeyStem.of(group.text() + "/");
  }

  /// What the keys of tasks begin with that have no key of their own; their number follows.
  ///
  /// @param name for people; what cannot stand in a key is replaced
  public static KeyStem numbered(String name, String namespace, ClientId client) {
    return KeyStem.of(legible(name) + "-" + namespace + client.tag() + "-");
  }

  /// The key of a task whose key the client gave.
  public static Key given(String text, String namespace, ContentHash fingerprint) {
    return Key.of(text + "@" + namespace
        + ClientId.tag(bits(fingerprint.digest()), FINGERPRINT_LENGTH));
  }

  /// What people call the task of this key: `count` of the first two above, `prices` of the third. The whole
  /// key where it was made in no such way.
  public static String nameOf(Key key) {
    var text = key.text();
    var name = text.substring(0, nameLength(text));
    return text.length() > name.length() && text.charAt(name.length()) == '@'
        ? PURE.matcher(name).replaceFirst("")
        : name;
  }

  /// The length of what a key begins with up to the tags that make it the only one.
  public static int nameLength(String text) {
    var at = text.lastIndexOf('@');
    var end = at >= 0 ? at : text.lastIndexOf('-', text.lastIndexOf('-') - 1);
    return end > 0 ? end : text.length();
  }

  private static long bits(byte[] digest) {
    return java.nio.ByteBuffer.wrap(digest).getLong();
  }

  /// A name without what keys cannot have, and not too long for one.
  static String legible(String name) {
    var text = name.strip().replaceAll("[^\\p{L}\\p{N}._$]+", "_");
    return text.isEmpty() ? "task" : text.substring(0, Math.min(text.length(), 80));
  }

  /// Whether this key is of a task of the scheduler with this namespace.
  public static boolean isOf(Key key, String namespace) {
    if (key.stem().series() instanceof Series series && key.number() != Key.NO_NUMBER) {
      return series.isOf(namespace);
    }
    var text = key.text();
    var at = text.lastIndexOf('@');
    if (at > 0) {
      return text.length() == at + 1 + NAMESPACE_LENGTH + FINGERPRINT_LENGTH
          && text.startsWith(namespace, at + 1)
          && ClientId.isTag(text.substring(at + 1), NAMESPACE_LENGTH + FINGERPRINT_LENGTH);
    }
    return numberedOf(key, namespace).isPresent();
  }

  /// Whose task and which one a key is; empty for keys of other schedulers, given keys, and keys
  /// that were not made here.
  public static Optional<Numbered> numberedOf(Key key, String namespace) {
    if (key.stem().series() instanceof Series series && key.number() != Key.NO_NUMBER) {
      return series.isOf(namespace)
          ? Optional.of(new Numbered(series.client(), series.first() + key.number()))
          : Optional.empty();
    }
    return numberedOf(key.text(), namespace);
  }

  /// Whether this key is that of a client's task with this number.
  ///
  /// @param namespace the scheduler's
  public static boolean isOf(Key key, String namespace, ClientId client, long number) {
    if (key.stem().series() instanceof Series series && key.number() != Key.NO_NUMBER) {
      return series.first() + key.number() == number && series.isOf(namespace)
          && series.client().equals(client);
    }
    return numberedOf(key.text(), namespace).equals(Optional.of(new Numbered(client, number)));
  }

  private static Optional<Numbered> numberedOf(String text, String namespace) {
    var slash = text.lastIndexOf('/');
    var end = slash < 0 ? text.length() : slash;
    var dash = text.lastIndexOf('-', end - 1);
    var tagAt = dash - NAMESPACE_LENGTH - ClientId.LENGTH;
    if (tagAt < 2 || text.charAt(tagAt - 1) != '-' || !text.startsWith(namespace, tagAt)) {
      return Optional.empty();
    }
    var tag = text.substring(tagAt + NAMESPACE_LENGTH, dash);
    if (!ClientId.isTag(tag, ClientId.LENGTH)) {
      return Optional.empty();
    }
    try {
      var number = Long.parseUnsignedLong(text, dash + 1, end, 10);
      var index = slash < 0 ? 0 : Long.parseUnsignedLong(text, slash + 1, text.length(), 10);
      return Optional.of(new Numbered(new ClientId(tag), number + index));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
