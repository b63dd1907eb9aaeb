package dev.heddle.cli;

import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "who-has", mixinStandardHelpOptions = true, description = "Tell which workers have the values of keys.")
final class WhoHasCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;
  @Parameters(paramLabel = "KEY", arity = "1..*", description = "one or more keys")
  private List<String> keys;
  @Mixin
  private StoreOptions options;

  @Override
  public Integer call() throws Exception {
    var out = spec.commandLine().getOut();
    try (var store = options.open()) {
      var asked = keys.stream().map(Key::of).toList();
      var holders = store.whoHas(asked);
      if (options.json) {
        var facts = new LinkedHashMap<String, Object>();
        for (var key : asked) {
          facts.put(key.text(), holders.getOrDefault(key, List.of()).stream()
              .map(WhoHasCommand::facts).toList());
        }
        Output.json(out, facts);
      } else {
        var rows = new ArrayList<List<String>>();
        for (var key : asked) {
          for (var holder : holders.getOrDefault(key, List.of())) {
            rows.add(List.of(key.text(), holder.worker().name(), holder.address().toString(),
                holder.sizeBytes() < 0 ? "?" : String.valueOf(holder.sizeBytes())));
          }
        }
        if (!rows.isEmpty()) {
          Output.table(out, List.of("KEY", "WORKER", "ADDRESS", "BYTES"), rows);
        }
      }
      var missing = asked.stream().filter(key -> holders.getOrDefault(key, List.of()).isEmpty())
          .toList();
      if (!missing.isEmpty()) {
        throw new NotThereException("nobody has " + missing);
      }
    }
    return 0;
  }

  private static Map<String, Object> facts(Holder holder) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("worker", holder.worker().name());
    facts.put("address", holder.address().toString());
    facts.put("host", holder.host());
    facts.put("bytes", holder.sizeBytes());
    return facts;
  }
}
