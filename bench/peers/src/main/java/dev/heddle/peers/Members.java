package dev.heddle.peers;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The two other processes of a peer: its `main` again, with 0 and 1 as argument and the options of this JVM.
record Members(List<Process> processes) implements AutoCloseable {
  static Members start(Class<?> peer) throws IOException {
    var processes = new ArrayList<Process>();
    for (var place = 0; place < 2; place++) {
      var command = new ArrayList<String>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
      command.addAll(List.of("-cp", System.getProperty("java.class.path"), peer.getName(),
          Integer.toString(place)));
      // What goes wrong there is shown by this process; nothing else of it is.
      processes.add(new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }
    return new Members(processes);
  }

  /// For the member itself: its standard input ends with the process that started it.
  static void untilTheClientEnds() throws IOException {
    var _ = System.in.read();
    Runtime.getRuntime().halt(0);
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
  }
}
