package dev.heddle.cli;

import dev.heddle.cluster.HeddleClassPath;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "classpath", mixinStandardHelpOptions = true, description = {
    "Print the class path of programs that use Heddle:",
    "java -cp \"$(heddle classpath):.\" MyApp"})
final class ClassPathCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().getOut().println(HeddleClassPath.ofPrograms());
    return 0;
  }
}
