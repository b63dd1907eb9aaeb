package dev.heddle.cli;

import dev.heddle.wire.Message;
import dev.heddle.worker.WorkerNetwork;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "dump", mixinStandardHelpOptions = true, description = "Put all that helps to find out what is wrong into one zip: of every node its processes, threads, states, stories, versions, figures and last log lines. No values, no secrets.")
final class DumpCommand implements Callable<Integer> {
  /// With a second to find out who there is, and some to write, less than five seconds.
  private static final Duration WITHIN = Duration.ofMillis(3_200);

  @Spec
  private CommandSpec spec;
  @Parameters(paramLabel = "FILE", description = "the zip file to make; must not be there yet")
  private Path file;
  @Mixin
  private Nodes nodes;

  @Override
  public Integer call() throws Exception {
    var out = spec.commandLine().getOut();
    Nodes.Answers<Map<String, String>> asked;
    try (var network = nodes.scheduler.open()) {
      asked = Nodes.ask(nodes.all(network), WITHIN, node -> files(network, node));
    }
    var files = new LinkedHashMap<String, String>();
    var silent = new StringBuilder();
    asked.silent().forEach((node, reason) -> silent
        .append(node.name() + " at " + node.address() + ": " + reason + "\n"));
    files.put("silent.txt", silent.isEmpty() ? "every node answered\n" : silent.toString());
    asked.answers().forEach((node, texts) -> texts.forEach(
        (name, text) -> files.put(node.name() + "/" + name, text)));
    write(files);
    if (nodes.scheduler.json) {
      var facts = new LinkedHashMap<String, Object>();
      facts.put("file", file.toString());
      facts.put("nodes", asked.answers().keySet().stream().map(Nodes.Node::name).toList());
      facts.put("silent", asked.silent().keySet().stream().map(Nodes.Node::name).toList());
      Output.json(out, facts);
    } else {
      out.println(file + ": " + asked.answers().size() + " of "
          + (asked.answers().size() + asked.silent().size()) + " nodes");
      asked.silent().forEach((node, reason) -> out.println(
          node.name() + " at " + node.address() + ": " + reason));
    }
    return asked.answers().isEmpty() ? Failures.UNREACHABLE : 0;
  }

  private static Map<String, String> files(WorkerNetwork network, Nodes.Node node)
      throws IOException, InterruptedException {
    var connection = network.connections().to(node.address());
    var dump = connection.start(new Message.AskDump());
    var page = new StringWriter();
    new NodePage(new PrintWriter(page), PsCommand.look(network, node)).print(node.address());
    var files = new LinkedHashMap<String, String>();
    files.put("processes.txt", page.toString());
    if (dump.await(WITHIN) instanceof Message.Dump(var told)) {
      told.forEach((name, text) -> files.put(name.replaceAll("[^A-Za-z0-9.-]", "_"), text));
    }
    return files;
  }

  private void write(Map<String, String> files) throws IOException {
    try (OutputStream to = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW,
        StandardOpenOption.WRITE); var zip = new ZipOutputStream(to)) {
      for (var each : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(each.getKey()));
        zip.write(each.getValue().getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
  }
}
