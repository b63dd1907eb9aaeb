package dev.heddle.cli;

import java.io.File;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.util.Arrays;
import jdk.jshell.execution.LoaderDelegate;
import jdk.jshell.execution.LocalExecutionControl;
import jdk.jshell.spi.ExecutionControl;

/// Runs what is typed in this JVM, from classes that workers can ask for.
final class ShellExecution extends LocalExecutionControl {
  private final ShellSession session;
  /// Whether somebody stopped the snippet that runs.
  private volatile boolean isStopped;

  ShellExecution(ShellSession session) {
    super(new Classes(session));
    this.session = session;
  }

  @Override
  public void load(ClassBytecodes[] classes)
      throws ClassInstallException, NotImplementedException, EngineTerminationException {
    for (var each : classes) {
      session.typed(each.name(), each.bytecodes());
    }
    super.load(Arrays.stream(classes)
        .map(each -> new ClassBytecodes(each.name(), ShellCode.readingVariables(each.bytecodes())))
        .toArray(ClassBytecodes[]::new));
  }

  @Override
  public void stop() throws EngineTerminationException, InternalException {
    isStopped = true;
    super.stop();
  }

  /// What a snippet that was stopped had submitted, and nothing else holds, is let go at once rather than at some
  /// later collection of garbage; so its tasks end.
  @Override
  protected String invoke(Method snippet) throws Exception {
    isStopped = false;
    try {
      return super.invoke(snippet);
    } finally {
      if (isStopped) {
        System.gc();
      }
    }
  }

  private record Classes(ShellSession session) implements LoaderDelegate {
    @Override
    public void load(ExecutionControl.ClassBytecodes[] classes)
        throws ExecutionControl.ClassInstallException {
      var loader = session.loader();
      for (var each : classes) {
        loader.add(each.name(), each.bytecodes());
      }
      var installed = new boolean[classes.length];
      for (var i = 0; i < classes.length; i++) {
        try {
          // Initialized now, so that a mistake is that of this snippet.
          var _ = loader.loadClass(classes[i].name()).getDeclaredMethods();
          installed[i] = true;
        } catch (ClassNotFoundException | LinkageError e) {
          throw new ExecutionControl.ClassInstallException("load: " + e, installed);
        }
      }
    }

    @Override
    public void classesRedefined(ExecutionControl.ClassBytecodes[] classes) {
      // The shell gives a class that is typed again another name.
    }

    @Override
    public void addToClasspath(String path) throws ExecutionControl.InternalException {
      for (var part : path.split(File.pathSeparator, -1)) {
        try {
          session.loader().addPath(part);
        } catch (MalformedURLException e) {
          throw new ExecutionControl.InternalException(part + " cannot be on a class path: " + e);
        }
      }
    }

    @Override
    public Class<?> findClass(String name) throws ClassNotFoundException {
      return session.loader().loadClass(name);
    }
  }
}
