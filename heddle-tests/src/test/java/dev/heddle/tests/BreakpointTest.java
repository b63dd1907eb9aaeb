package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.IntegerValue;
import com.sun.jdi.StringReference;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.VMDeathEvent;
import com.sun.jdi.event.VMDisconnectEvent;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A debugger that is attached to the program stops in a task's function when that is replayed.
@Timeout(120)
class BreakpointTest {
  /// The line of `return` is where the breakpoint is.
  private static final String PROGRAM = """
      import dev.heddle.cluster.LocalCluster;
      import java.util.List;

      public class Debugged {
        static int parse(String text, int base) {
          var trimmed = text.strip();
          return Integer.parseInt(trimmed, base);
        }

        public static void main(String[] arguments) throws Exception {
          try (var cluster = LocalCluster.processes(1)) {
            var client = cluster.client();
            var numbers = client.map(List.of("1", " x ", "3"), (String text) -> parse(text, 10));
            var total = client.reduce(numbers, Integer::sum);
            try {
              total.get();
            } catch (java.util.concurrent.ExecutionException e) {
              System.out.println("failed: " + e.getCause().getMessage());
            }
            try {
              client.replay(total);
            } catch (java.util.concurrent.ExecutionException e) {
              System.out.println("failed again: " + e.getCause().getMessage());
            }
          }
        }
      }
      """;
  /// In the source as it is compiled, after its package.
  private static final int LINE = 8;

  @TempDir
  Path directory;

  private static VirtualMachine attach(String port) throws Exception {
    var connector = Bootstrap.virtualMachineManager().attachingConnectors().stream()
        .filter(each -> each.name().equals("com.sun.jdi.SocketAttach")).findFirst().orElseThrow();
    var arguments = connector.defaultArguments();
    Objects.requireNonNull(arguments.get("hostname")).setValue("127.0.0.1");
    Objects.requireNonNull(arguments.get("port")).setValue(port);
    return connector.attach(arguments);
  }

  /// Runs the program to its end.
  ///
  /// @return where it stopped, and with which variables
  private static List<String> stops(VirtualMachine machine) throws Exception {
    var stops = new ArrayList<String>();
    var requests = machine.eventRequestManager();
    var prepare = requests.createClassPrepareRequest();
    prepare.addClassFilter("org.example.Debugged");
    prepare.enable();
    while (true) {
      var events = machine.eventQueue().remove();
      for (Event event : events) {
        switch (event) {
          case ClassPrepareEvent prepared -> requests.createBreakpointRequest(
              prepared.referenceType().locationsOfLine(LINE).getFirst()).enable();
          case BreakpointEvent stop -> stops.add(told(stop));
          case VMDeathEvent _,VMDisconnectEvent _ -> {
            return stops;
          }
          default -> {
            // Of no interest.
          }
        }
      }
      events.resume();
    }
  }

  private static String told(BreakpointEvent stop) throws Exception {
    var frame = stop.thread().frame(0);
    var trimmed = (StringReference) frame.getValue(frame.visibleVariableByName("trimmed"));
    var base = (IntegerValue) frame.getValue(frame.visibleVariableByName("base"));
    return frame.location().method().name() + " in " + stop.thread().name() + ", trimmed = "
        + trimmed.value() + ", base = " + base.value();
  }

  @Test
  void aBreakpointInAFunctionStopsWhenItIsReplayedAndItsVariablesAreSeen() throws Exception {
    try (var program = UserProgram.compile(directory, List.of(), PROGRAM);
        var process = JvmProcess.start(Map.of(),
            List.of("-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=127.0.0.1:0"),
            JvmProcess.classPathOfHeddle() + File.pathSeparator + program.classPath(),
            "org.example.Debugged")) {
      var machine = attach(process.awaitWordAfter("at address: "));
      assertThat(stops(machine)).containsExactly("parse in main, trimmed = x, base = 10");
      assertThat(process.awaitExit()).as("%s", process).isZero();
      assertThat(process.output()).contains("failed: For input string: \"x\"",
          "failed again: For input string: \"x\"");
    }
  }
}
