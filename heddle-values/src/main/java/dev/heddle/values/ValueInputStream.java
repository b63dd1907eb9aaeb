package dev.heddle.values;

import dev.heddle.wire.Bulk;
import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.Payload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads what [ValueOutputStream] wrote.
final class ValueInputStream extends ObjectInputStream {
  private static final Map<String, Class<?>> PRIMITIVES = Stream
      .<Class<?>>of(boolean.class, byte.class, short.class, char.class, int.class, long.class,
          float.class, double.class, void.class)
      .collect(Collectors.toMap(Class::getName, Function.identity()));

  private final ClassResolver classes;
  private final List<CodeBaseId> codeBases;
  private final List<Bulk> buffers;
  private final SerialFilter filter;

  ValueInputStream(Payload payload, ClassResolver classes, SerialFilter filter)
      throws IOException {
    super(new ByteArrayInputStream(payload.header()));
    this.classes = classes;
    this.codeBases = payload.codeBases();
    this.buffers = payload.buffers();
    enableResolveObject(true);
    this.filter = filter;
    setObjectInputFilter(filter);
  }

  @Override
  protected Class<?> resolveClass(ObjectStreamClass description)
      throws IOException, ClassNotFoundException {
    var codeBase = codeBase();
    var primitive = PRIMITIVES.get(description.getName());
    return primitive != null ? primitive : classes.load(codeBase, description.getName());
  }

  private Optional<CodeBaseId> codeBase() throws IOException {
    var index = readUnsignedByte();
    if (index > codeBases.size()) {
      throw new InvalidClassException("the header refers to code base " + index + ", but "
          + codeBases.size() + " came");
    }
    return index == 0 ? Optional.empty() : Optional.of(codeBases.get(index - 1));
  }

  @Override
  protected Class<?> resolveProxyClass(String[] names)
      throws IOException, ClassNotFoundException {
    var codeBase = codeBase();
    var interfaces = new Class<?>[names.length];
    var loaders = new LinkedHashSet<@Nullable ClassLoader>();
    for (var i = 0; i < names.length; i++) {
      interfaces[i] = classes.load(codeBase, names[i]);
      loaders.add(interfaces[i].getClassLoader());
    }
    loaders.add(ClassLoader.getPlatformClassLoader());
    for (var loader : loaders) {
      if (loader != null && Arrays.stream(interfaces).allMatch(type -> sees(loader, type))) {
        return proxyClass(loader, interfaces);
      }
    }
    throw new ClassNotFoundException("no class loader sees all interfaces of a proxy: "
        + String.join(", ", names) + "; put them in one jar, or implement them in a class");
  }

  private static boolean sees(ClassLoader loader, Class<?> type) {
    try {
      return Class.forName(type.getName(), false, loader) == type;
    } catch (ClassNotFoundException | LinkageError _) {
      return false;
    }
  }

  // The stream wants the class, and the method that is not deprecated makes an instance, for which
  // there is no handler yet.
  @SuppressWarnings("deprecation")
  private static Class<?> proxyClass(ClassLoader loader, Class<?>[] interfaces)
      throws IOException {
    try {
      return Proxy.getProxyClass(loader, interfaces);
    } catch (IllegalArgumentException e) {
      throw new InvalidClassException("no proxy can be made: " + e.getMessage(), e);
    }
  }

  @Override
  protected @Nullable Object resolveObject(@Nullable Object value) throws IOException {
    if (!(value instanceof StandIn standIn)) {
      return value;
    }
    var made = standIn.value(buffers);
    filter.accept(made.getClass());
    return made;
  }
}
