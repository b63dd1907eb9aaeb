package dev.heddle.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/// Which Heddle this is, and which Java runs it.
final class Version implements IVersionProvider {
  private static final String RESOURCE = "version.properties";

  @Override
  public String[] getVersion() {
    return new String[]{
        "heddle " + heddle() + " (Java " + Runtime.version() + ", " + System.getProperty("os.name")
            + " "
            + System.getProperty("os.arch") + ")"
    };
  }

  /// The version that the build wrote into the jar.
  static String heddle() {
    try (var in = Version.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(
            "heddle's jar lacks dev/heddle/cli/" + RESOURCE + "; build it again: ./mvnw package");
      }
      var properties = new Properties();
      properties.load(in);
      return properties.getProperty("version", "unknown");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read dev/heddle/cli/" + RESOURCE + " in heddle's jar",
          e);
    }
  }
}
