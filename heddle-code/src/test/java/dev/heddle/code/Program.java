package dev.heddle.code;

import dev.heddle.values.ClassResolver;
import dev.heddle.values.ValueLimits;
import dev.heddle.values.Values;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// A user's program, compiled by the test, in a class loader of its own, with a node of its own.
final class Program implements AutoCloseable {
  private static final Pattern NAME = Pattern
      .compile("(?:class|interface|record|enum) (\\w+)");

  private final URLClassLoader loader;
  final CodeBases codeBases;
  final Values values;

  private Program(URLClassLoader loader) {
    this.loader = loader;
    this.codeBases = new CodeBases(CodeLimits.DEFAULTS, new Origins(), System::nanoTime);
    this.values = valuesOf(codeBases);
  }

  static Values valuesOf(CodeBases codeBases) {
    return new Values(ClassResolver.of(codeBases::codeBaseOf, codeBases::load),
        ValueLimits.defaults(), List.of());
  }

  static Program of(Path classPath) {
    return of(classPath, Program.class.getClassLoader());
  }

  static Program of(Path classPath, ClassLoader parent) {
    try {
      return new Program(new URLClassLoader("user", new java.net.URL[]{classPath.toUri().toURL()},
          parent));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ClassLoader loader() {
    return loader;
  }

  Class<?> type(String name) throws ClassNotFoundException {
    return loader.loadClass(name);
  }

  /// The value of a public static method without parameters.
  Object make(String type, String method) throws ReflectiveOperationException {
    return type(type).getMethod(method).invoke(null);
  }

  RemoteFunction function(String type, String method) throws ReflectiveOperationException {
    return (RemoteFunction) make(type, method);
  }

  @Override
  public void close() throws IOException {
    loader.close();
  }

  /// Compiles sources of package `org.example` into `directory`.
  static Path compile(Path directory, List<String> options, String... sources) {
    var units = new ArrayList<SimpleJavaFileObject>();
    for (var source : sources) {
      var name = NAME.matcher(source);
      if (!name.find()) {
        throw new IllegalArgumentException("no type in " + source);
      }
      var text = "package org.example;\n" + source;
      units.add(new SimpleJavaFileObject(URI.create("string:///" + name.group(1) + ".java"),
          javax.tools.JavaFileObject.Kind.SOURCE) {
        @Override
        public CharSequence getCharContent(boolean ignored) {
          return text;
        }
      });
    }
    var all = new ArrayList<>(List.of("-g", "-Xlint:-options", "-proc:none", "-d",
        directory.toString(), "-cp",
        directory + java.io.File.pathSeparator + System.getProperty("java.class.path")));
    all.addAll(options);
    var said = new java.io.StringWriter();
    if (!ToolProvider.getSystemJavaCompiler().getTask((Writer) said, null, null, all, null, units)
        .call()) {
      throw new IllegalArgumentException("the test's program does not compile: " + said);
    }
    return directory;
  }

  /// Puts a directory of classes into a jar, and further entries with it.
  static Path jar(Path directory, Path jar, Map<String, byte[]> more) throws IOException {
    try (var out = new JarOutputStream(Files.newOutputStream(jar));
        var files = Files.walk(directory)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(
            directory.relativize(file).toString().replace(java.io.File.separatorChar, '/')));
        out.write(Files.readAllBytes(file));
      }
      for (var entry : more.entrySet()) {
        out.putNextEntry(new JarEntry(entry.getKey()));
        out.write(entry.getValue());
      }
    }
    return jar;
  }

  /// A worker's side: a node that knows nothing of the program but what it is told.
  static CodeBases worker() {
    return new CodeBases(new CodeLimits(64L << 20, Duration.ofSeconds(2), Duration.ZERO),
        new Origins(),
        System::nanoTime);
  }
}
