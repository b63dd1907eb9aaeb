package dev.heddle.examples;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.zip.ZipFile;

/// Where class files live, by a name that means the same to every process with the same JDK and the same files.
public sealed interface Place extends Serializable {

  /// What a person calls it: a module's name, or a path.
  String name();

  /// Opens it, in this process.
  ///
  /// @throws IOException if this process doesn't see it
  Reader open() throws IOException;

  /// The open class files of one place. A class file's name is its path in there: `java/util/List.class`.
  interface Reader extends Closeable {
    /// Opens one class file.
    ///
    /// @throws NoSuchFileException if there is no such class file
    InputStream open(String name) throws IOException;
  }

  /// A module of the running JDK.
  record JdkModule(String name) implements Place {
    /// The directory that holds a directory for each module.
    static Path modules() {
      return FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules");
    }

    @Override
    public Reader open() throws IOException {
      return DirectoryReader.of(modules().resolve(name));
    }
  }

  /// A directory, by its absolute path.
  record Directory(String name) implements Place {
    @Override
    public Reader open() throws IOException {
      return DirectoryReader.of(Path.of(name));
    }
  }

  /// A jar, by its absolute path. Of a multi-release jar it is the classes that the running JDK would load.
  record Jar(String name) implements Place {
    static JarFile openJar(Path path) throws IOException {
      return new JarFile(path.toFile(), false, ZipFile.OPEN_READ, JarFile.runtimeVersion());
    }

    @Override
    public Reader open() throws IOException {
      return new JarReader(openJar(Path.of(name)));
    }
  }

  /// Class files below a directory, be it on disk or in the JDK's own image.
  record DirectoryReader(Path root) implements Reader {
    static DirectoryReader of(Path root) throws IOException {
      if (!Files.isDirectory(root)) {
        throw new NoSuchFileException(root.toString());
      }
      return new DirectoryReader(root);
    }

    @Override
    public InputStream open(String name) throws IOException {
      return Files.newInputStream(root.resolve(name));
    }

    @Override
    public void close() {
      // Nothing is held between two files.
    }
  }

  /// Class files in a jar.
  record JarReader(JarFile jar) implements Reader {
    @Override
    public InputStream open(String name) throws IOException {
      var entry = jar.getJarEntry(name);
      if (entry == null) {
        throw new NoSuchFileException(jar.getName() + "!/" + name);
      }
      return jar.getInputStream(entry);
    }

    @Override
    public void close() throws IOException {
      jar.close();
    }
  }
}
