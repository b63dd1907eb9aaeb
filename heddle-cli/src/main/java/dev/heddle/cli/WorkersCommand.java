package dev.heddle.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "workers", mixinStandardHelpOptions = true, description = "List the workers that the metadata store knows.")
final class WorkersCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;
  @Mixin
  private StoreOptions options;

  @Override
  public Integer call() throws Exception {
    var out = spec.commandLine().getOut();
    try (var store = options.open()) {
      var workers = store.workers();
      if (options.json) {
        Output.json(out, workers.stream().map(worker -> {
          var facts = new LinkedHashMap<String, Object>();
          facts.put("name", worker.id().name());
          facts.put("address", worker.address().toString());
          facts.put("host", worker.host());
          facts.put("pid", worker.pid());
          facts.put("threads", worker.threads());
          return facts;
        }).toList());
      } else if (workers.isEmpty()) {
        out.println("no workers; start one with: heddle worker ADDRESS");
      } else {
        Output.table(out, List.of("NAME", "ADDRESS", "HOST", "PID", "THREADS"),
            workers.stream().map(worker -> List.of(worker.id().name(), worker.address().toString(),
                worker.host(), String.valueOf(worker.pid()), String.valueOf(worker.threads())))
                .toList());
      }
    }
    return 0;
  }
}
