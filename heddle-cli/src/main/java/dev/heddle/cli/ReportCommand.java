package dev.heddle.cli;

import dev.heddle.dashboard.Report;
import dev.heddle.wire.Address;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "report", mixinStandardHelpOptions = true, description = {
    "Write what a cluster did into one HTML file, which any browser opens and which needs nothing else: who ran what when, times by name, transfers, values, failures, settings and versions.",
    "It is about what the workers remember of all programs. No values, no secrets."})
final class ReportCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;
  @Parameters(paramLabel = "FILE", description = "the file to write; must not be there yet, and its directory must")
  private Path file;
  @Mixin
  private SchedulerOption scheduler;

  @Override
  public Integer call() throws Exception {
    var out = spec.commandLine().getOut();
    var written = Report.write(Address.parse(scheduler.address), scheduler.secret(), file);
    if (scheduler.json) {
      var facts = new LinkedHashMap<String, Object>();
      facts.put("file", file.toString());
      facts.put("bytes", written.sizeBytes());
      facts.put("runs", written.runs());
      facts.put("silent", written.silent());
      Output.json(out, facts);
    } else {
      out.println(file + ": " + written.runs() + " runs, " + written.sizeBytes() + " bytes");
      written.silent().forEach((worker, reason) -> out.println(worker + ": " + reason));
    }
    return 0;
  }
}
