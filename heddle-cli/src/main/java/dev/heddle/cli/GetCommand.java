package dev.heddle.cli;

import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.worker.MissingValuesException;
import dev.heddle.worker.WorkerNetwork;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "get", mixinStandardHelpOptions = true, description = "Print the value of a key, from a worker that has it.")
final class GetCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;
  @Parameters(paramLabel = "KEY", description = "a key")
  private String key;
  @Option(names = "--characters", paramLabel = "N", defaultValue = "2000", description = "print at most so many characters (default: ${DEFAULT-VALUE})")
  private int charactersMax;
  @Mixin
  private StoreOptions options;

  private record Got(Holder from, @Nullable Object value) {}

  @Override
  public Integer call() throws Exception {
    var out = spec.commandLine().getOut();
    var wanted = Key.of(key);
    try (var store = options.open()) {
      var holders = store.whoHas(List.of(wanted)).getOrDefault(wanted, List.of());
      if (holders.isEmpty()) {
        throw new NotThereException("nobody has '" + key + "'");
      }
      try (var network = WorkerNetwork.open(Cluster.NAME, options.secret())) {
        var got = get(network, wanted, holders);
        var text = text(got.value());
        var shown = text.length() <= charactersMax
            ? text
            : text.substring(0, charactersMax) + "… (" + text.length() + " characters)";
        if (options.json) {
          var facts = new LinkedHashMap<String, @Nullable Object>();
          facts.put("key", key);
          facts.put("worker", got.from().worker().name());
          facts.put("type", got.value() == null ? "null" : got.value().getClass().getName());
          facts.put("value", shown);
          Output.json(out, facts);
        } else {
          out.println(shown);
        }
      }
    }
    return 0;
  }

  /// From the first holder that gives it.
  private static Got get(WorkerNetwork network, Key key, List<Holder> holders)
      throws IOException, InterruptedException, NotThereException {
    var troubles = new StringBuilder();
    for (var holder : holders) {
      try {
        return new Got(holder, network.worker(holder.address()).get(key));
      } catch (IOException | MissingValuesException e) {
        troubles.append("; ").append(holder.worker()).append(": ").append(e.getMessage());
      }
    }
    throw new NotThereException("nobody who is said to have '" + key + "' gives it" + troubles);
  }

  private static String text(@Nullable Object value) {
    var nested = Arrays.deepToString(new @Nullable Object[]{value});
    return nested.substring(1, nested.length() - 1);
  }
}
