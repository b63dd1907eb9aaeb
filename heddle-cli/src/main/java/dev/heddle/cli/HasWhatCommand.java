package dev.heddle.cli;

import dev.heddle.wire.Message.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "has-what", mixinStandardHelpOptions = true, description = "Tell which values a worker has.")
final class HasWhatCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;
  @Parameters(paramLabel = "WORKER", description = "a worker's name")
  private String worker;
  @Mixin
  private StoreOptions options;

  @Override
  public Integer call() throws Exception {
    var out = spec.commandLine().getOut();
    try (var store = options.open()) {
      var names = store.workers().stream().map(each -> each.id().name()).toList();
      if (!names.contains(worker)) {
        throw new NotThereException("there is no worker '" + worker + "'; there "
            + (names.isEmpty() ? "are none" : names.size() == 1 ? "is " : "are ")
            + String.join(", ", names));
      }
      var entries = new ArrayList<Entry>();
      store.hasWhat(worker, entries::add);
      if (options.json) {
        Output.json(out, entries.stream().map(entry -> {
          var facts = new LinkedHashMap<String, Object>();
          facts.put("key", entry.key().text());
          facts.put("bytes", entry.sizeBytes());
          return facts;
        }).toList());
      } else if (entries.isEmpty()) {
        out.println(worker + " has nothing");
      } else {
        Output.table(out, List.of("KEY", "BYTES"), entries.stream().map(entry -> List
            .of(entry.key().text(), entry.sizeBytes() < 0 ? "?" : "" + entry.sizeBytes()))
            .toList());
      }
    }
    return 0;
  }
}
