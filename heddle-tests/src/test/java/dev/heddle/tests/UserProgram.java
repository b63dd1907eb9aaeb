package dev.heddle.tests;

import dev.heddle.code.RemoteFunction;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// A program that somebody wrote for Heddle: compiled by the test, and on no class path but its own.
final class UserProgram implements AutoCloseable {
  private static final Pattern TYPE = Pattern.compile("(?:class|interface|record|enum) (\\w+)");

  private final Path classPath;
  private final URLClassLoader loader;

  private UserProgram(Path classPath) throws IOException {
    this.classPath = classPath;
    loader = new URLClassLoader("user", new URL[]{classPath.toUri().toURL()},
        UserProgram.class.getClassLoader());
  }

  /// Compiles sources of package `org.example`.
  static UserProgram compile(Path directory, List<String> options, String... sources)
      throws IOException {
    var units = new ArrayList<SimpleJavaFileObject>();
    for (var source : sources) {
      var name = TYPE.matcher(source);
      if (!name.find()) {
        throw new IllegalArgumentException("no type in " + source);
      }
      var text = "package org.example;\n" + source;
      units.add(new SimpleJavaFileObject(URI.create("string:///" + name.group(1) + ".java"),
          JavaFileObject.Kind.SOURCE) {
        @Override
        public CharSequence getCharContent(boolean ignored) {
          return text;
        }
      });
    }
    var all = new ArrayList<>(List.of("-g", "-nowarn", "-Xlint:none", "-proc:none", "-d",
        Files.createDirectories(directory).toString(), "-cp", JvmProcess.classPathOfHeddle()));
    all.addAll(options);
    var said = new StringWriter();
    if (!ToolProvider.getSystemJavaCompiler().getTask(said, null, null, all, null, units).call()) {
      throw new IllegalArgumentException("the user's program does not compile: " + said);
    }
    return new UserProgram(directory);
  }

  /// The same program, packed.
  UserProgram inJar(Path jar) throws IOException {
    try (var out = new JarOutputStream(Files.newOutputStream(jar));
        var files = Files.walk(classPath)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(
            new JarEntry(classPath.relativize(file).toString().replace(File.separatorChar, '/')));
        out.write(Files.readAllBytes(file));
      }
    }
    loader.close();
    return new UserProgram(jar);
  }

  Path classPath() {
    return classPath;
  }

  /// What a public static method without parameters gives, called in this JVM.
  RemoteFunction function(String type, String method) throws ReflectiveOperationException {
    return (RemoteFunction) loader.loadClass("org.example." + type).getMethod(method).invoke(null);
  }

  @Override
  public void close() throws IOException {
    loader.close();
  }
}
