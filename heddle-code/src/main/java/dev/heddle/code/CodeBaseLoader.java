package dev.heddle.code;

import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.ErrorCode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/// Defines the classes of one code base from what its sources send. Above it there is only what
/// every node has.
final class CodeBaseLoader extends ClassLoader {
  static {
    registerAsParallelCapable();
  }

  private final RemoteCode code;
  private final String place;
  private final ProtectionDomain domain;

  CodeBaseLoader(RemoteCode code) {
    super("heddle:" + code.id(), SharedLoader.INSTANCE);
    this.code = code;
    this.place = "code-base/" + code.id();
    this.domain = new ProtectionDomain(
        new java.security.CodeSource(url(""), (Certificate @Nullable []) null), null, this, null);
  }

  CodeBaseId id() {
    return code.id();
  }

  /// @throws CodeUnavailableException
  ///           if the class could not be had although it may exist
  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    return switch (code.fetch(Names.resource(name))) {
      case RemoteCode.Found.Content(var owner, var bytes) ->
        code.isOfThisProgram(owner)
            ? code.load(owner, name)
            : code.loaderOf(owner).define(name, bytes);
      case RemoteCode.Found.Absent(var looked) -> throw new ClassNotFoundException(
          ErrorCode.CLASS_MISSING.of(name + " is not in code base " + code.id() + " (loader "
              + getName() + "): " + looked + ". Put the jar or directory that has it on the class"
              + " path of the program that submits the work; a class that is made at run time"
              + " cannot be sent"));
    };
  }

  private Class<?> define(String name, byte[] bytes) {
    synchronized (getClassLoadingLock(name)) {
      var loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      var guarded = ExitGuard.guard(bytes);
      return defineClass(name, guarded, 0, guarded.length, domain);
    }
  }

  @Override
  protected @Nullable URL findResource(String name) {
    return code.fetch(name) instanceof RemoteCode.Found.Content ? url("/" + name) : null;
  }

  @Override
  protected Enumeration<URL> findResources(String name) {
    var places = new ArrayList<URL>();
    var first = findResource(name);
    if (first != null) {
      places.add(first);
      for (var number = 1; number < code.count(name); number++) {
        places.add(url("/" + Names.numbered(name, number)));
      }
    }
    return Collections.enumeration(places);
  }

  private URL url(String path) {
    try {
      return URL.of(new URI("heddle", place + path, null), new Handler());
    } catch (URISyntaxException | MalformedURLException e) {
      throw new AssertionError("every path is escaped: " + path, e);
    }
  }

  /// Opens what [#url] names.
  private final class Handler extends URLStreamHandler {
    @Override
    protected URLConnection openConnection(URL url) throws IOException {
      var path = URI.create(url.toExternalForm()).getSchemeSpecificPart();
      if (!path.startsWith(place + "/")) {
        throw new FileNotFoundException(url + " is not in code base " + code.id());
      }
      return switch (code.fetch(path.substring(place.length() + 1))) {
        case RemoteCode.Found.Content(_, var bytes) -> new ContentConnection(url, bytes);
        case RemoteCode.Found.Absent(var looked) ->
          throw new FileNotFoundException(url + ": " + looked);
      };
    }
  }
}
