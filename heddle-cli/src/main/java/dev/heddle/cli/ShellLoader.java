package dev.heddle.cli;

import dev.heddle.code.ContentConnection;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The classes that were typed, and those of what was put on the shell's class path. It gives their bytes too, as
/// any loader of a program does whose classes workers ask for.
final class ShellLoader extends URLClassLoader {
  private static final String PROTOCOL = "heddle-shell";

  private final ConcurrentHashMap<String, byte[]> classFiles = new ConcurrentHashMap<>();

  ShellLoader(ClassLoader parent) {
    super(new URL[0], parent);
  }

  void add(String name, byte[] classFile) {
    classFiles.put(resource(name), classFile.clone());
  }

  void addPath(String path) throws MalformedURLException {
    addURL(Path.of(path).toUri().toURL());
  }

  private static String resource(String className) {
    return className.replace('.', '/') + ".class";
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    var classFile = classFiles.get(resource(name));
    return classFile == null
        ? super.findClass(name)
        : defineClass(name, classFile, 0, classFile.length);
  }

  @Override
  public @Nullable URL findResource(String name) {
    var own = ownResource(name);
    return own.isPresent() ? own.get() : super.findResource(name);
  }

  @Override
  public Enumeration<URL> findResources(String name) throws java.io.IOException {
    var own = ownResource(name);
    return own.isPresent()
        ? Collections.enumeration(Collections.singleton(own.get()))
        : super.findResources(name);
  }

  private Optional<URL> ownResource(String name) {
    var classFile = classFiles.get(name);
    if (classFile == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(URL.of(URI.create(PROTOCOL + ":/" + name.replace("$", "%24")),
          new Handler(classFile)));
    } catch (MalformedURLException e) {
      throw new IllegalStateException("no address can be made of '" + name + "'", e);
    }
  }

  private static final class Handler extends URLStreamHandler {
    private final byte[] content;

    Handler(byte[] content) {
      this.content = content;
    }

    @Override
    protected URLConnection openConnection(URL url) {
      return new ContentConnection(url, content);
    }
  }
}
