package dev.heddle.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// What is in `deploy/`, as far as it can be looked at without a container engine or a cluster.
class DeployTest {
  private static final Path DEPLOY = Path.of("../deploy");
  private static final Path CHART = DEPLOY.resolve("helm/heddle");
  private static final Pattern DIRECTIVE = Pattern.compile("\\{\\{-?\\s*(.*?)\\s*-?}}",
      Pattern.DOTALL);
  private static final Pattern OPENING = Pattern.compile("(if|with|range|define|block)\\b.*",
      Pattern.DOTALL);
  private static final Pattern VALUE = Pattern.compile("\\.Values((?:\\.\\w+)+)");
  private static final Pattern VARIABLE = Pattern.compile("HEDDLE_[A-Z_]+");
  /// Taken by what runs Heddle, not by Heddle.
  private static final Set<String> OTHERS = Set.of("HEDDLE_JAVA_OPTS", "HEDDLE_STORE",
      "HEDDLE_SCHEDULER_PORT");

  @TempDir
  private Path directory;

  private static List<Path> files(Path in) throws IOException {
    try (var files = Files.walk(in)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static List<Object> yaml(String text) {
    var documents = new ArrayList<Object>();
    new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build()).loadAllFromString(text)
        .forEach(document -> {
          if (document != null) {
            documents.add(document);
          }
        });
    return documents;
  }

  private static Map<?, ?> map(Object value) {
    return (Map<?, ?>) value;
  }

  private static Object at(Object value, String path) {
    var at = value;
    for (var name : path.split("\\.", -1)) {
      assertThat(at).as(path).isInstanceOf(Map.class);
      at = Objects.requireNonNull(map(at).get(name), () -> path + " has no " + name);
    }
    return at;
  }

  @Test
  void theComposeFileIsACluster() throws Exception {
    var compose = yaml(Files.readString(DEPLOY.resolve("compose.yaml"))).getFirst();
    var services = map(at(compose, "services"));
    assertThat(services.keySet()).asString().contains("scheduler", "worker", "redis");
    assertThat(at(compose, "services.worker.command")).isEqualTo(List.of("worker"));
    // SIGTERM before SIGKILL, with more time than the worker takes.
    assertThat(at(compose, "services.worker.environment.HEDDLE_GRACE")).isEqualTo("50s");
    assertThat(at(compose, "services.worker.stop_grace_period")).isEqualTo("60s");
  }

  @Test
  void templatesAreWholeAndUseWhatThereIs() throws Exception {
    var values = yaml(Files.readString(CHART.resolve("values.yaml"))).getFirst();
    var defined = new TreeSet<String>();
    var included = new TreeSet<String>();
    var used = new TreeSet<String>();
    for (var file : files(CHART.resolve("templates"))) {
      var text = Files.readString(file);
      var open = new ArrayDeque<String>();
      for (var directive : DIRECTIVE.matcher(text).results().map(found -> found.group(1))
          .toList()) {
        if (OPENING.matcher(directive).matches()) {
          open.push(directive);
        } else if (directive.equals("end")) {
          assertThat(open).as("%s: an end without a beginning", file).isNotEmpty();
          open.pop();
        }
        names(directive, "define \"([^\"]+)\"").forEach(defined::add);
        names(directive, "include \"([^\"]+)\"").forEach(included::add);
        VALUE.matcher(directive).results().map(found -> found.group(1).substring(1))
            .forEach(used::add);
      }
      assertThat(open).as("%s: not ended", file).isEmpty();
      assertThat(text.replaceAll(DIRECTIVE.pattern(), "")).as("%s", file)
          .doesNotContain("{{", "}}");
    }
    assertThat(defined).containsExactlyElementsOf(included);
    used.forEach(path -> at(values, path));
    assertThat(leaves("", values)).isEqualTo(used.stream()
        .flatMap(path -> leaves(path, at(values, path)).stream()).collect(
            java.util.stream.Collectors.toCollection(TreeSet::new)));
  }

  private static Stream<String> names(String directive, String pattern) {
    return Pattern.compile(pattern).matcher(directive).results().map((MatchResult found) -> found
        .group(1));
  }

  private static Set<String> leaves(String path, Object value) {
    var leaves = new TreeSet<String>();
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      map.forEach((name, part) -> leaves
          .addAll(leaves(path.isEmpty() ? name.toString() : path + "." + name, part)));
    } else {
      leaves.add(path);
    }
    return leaves;
  }

  /// Not what Helm would give, but YAML of the same shape: control lines go, and values are a word each.
  private static String shape(String template) {
    var lines = new ArrayList<String>();
    for (var line : template.lines().toList()) {
      var nested = line.strip().matches("\\{\\{-?\\s*(include|toYaml).*nindent.*}}");
      if (nested) {
        lines.add(line.substring(0, line.indexOf('{')) + "nested-" + lines.size() + ": word");
      } else if (!line.strip().matches("\\{\\{.*}}")) {
        lines.add(DIRECTIVE.matcher(line).replaceAll("word"));
      }
    }
    return String.join("\n", lines);
  }

  @Test
  void whatTemplatesGiveIsYamlThatKubernetesWouldKnow() throws Exception {
    var kinds = new TreeSet<String>();
    for (var file : files(CHART.resolve("templates"))) {
      if (file.toString().endsWith(".yaml")) {
        var text = shape(Files.readString(file)).replaceAll("(?m)^  secret: word\n  secret: word",
            "  secret: word");
        for (var document : yaml(text)) {
          kinds.add(String.valueOf(at(document, "kind")));
          assertThat(at(document, "metadata.name")).as("%s", file).isNotNull();
          assertThat(at(document, "apiVersion")).as("%s", file).isNotNull();
        }
      }
    }
    assertThat(kinds).containsExactlyInAnyOrder("Deployment", "ScaledObject", "Secret", "Service");
  }

  @Test
  void podsAreAskedForTheirHealthWhereTheyTellIt() throws Exception {
    for (var command : List.of("scheduler", "worker")) {
      var template = Files.readString(CHART.resolve("templates/" + command + ".yaml"));
      assertThat(template).contains("- --metrics-port=9787",
          "- name: metrics\n              containerPort: 9787");
      var pod = yaml(shape(template)).stream()
          .filter(document -> "Deployment".equals(map(document).get("kind"))).findFirst()
          .orElseThrow();
      var container = ((List<?>) at(pod, "spec.template.spec.containers")).getFirst();
      assertThat(at(container, "readinessProbe.httpGet"))
          .isEqualTo(Map.of("path", "/health/ready", "port", "metrics"));
      assertThat(at(container, "livenessProbe.httpGet"))
          .isEqualTo(Map.of("path", "/health/live", "port", "metrics"));
    }
  }

  @Test
  void theHealthCheckOfContainersTellsAHealthyNodeFromAnother() throws Exception {
    var compose = yaml(Files.readString(DEPLOY.resolve("compose.yaml"))).getFirst();
    var status = new AtomicInteger();
    var node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    node.createContext("/health/live", asked -> {
      asked.sendResponseHeaders(status.get(), -1);
      asked.close();
    });
    node.start();
    try {
      for (var service : List.of("scheduler", "worker")) {
        assertThat(at(compose, "services." + service + ".environment.HEDDLE_METRICS_PORT"))
            .isEqualTo("9787");
        var check = ((List<?>) at(compose, "services." + service + ".<<.healthcheck.test")).stream()
            .skip(1).map(word -> word.toString().replace("/9787", "/" + node.getAddress()
                .getPort()))
            .toList();
        status.set(200);
        assertThat(run(check)).isEmpty();
        status.set(503);
        assertThatThrownBy(() -> run(check)).isInstanceOf(AssertionError.class);
      }
    } finally {
      node.stop(0);
    }
  }

  @Test
  void podsEndLaterThanTheirWorkers() throws Exception {
    var worker = Files.readString(CHART.resolve("templates/worker.yaml"));
    assertThat(worker)
        .contains("terminationGracePeriodSeconds: {{ add .Values.worker.graceSeconds 10 }}")
        .contains("--grace={{ .Values.worker.graceSeconds }}s")
        .contains("enableServiceLinks: false");
    var unit = Files.readString(DEPLOY.resolve("systemd/heddle-worker.service"));
    assertThat(unit).contains("HEDDLE_GRACE=80s", "TimeoutStopSec=90s");
  }

  @Test
  void commandsOptionsAndVariablesAreThoseThatThereAre() throws Exception {
    var all = Configurable.of(Main.commandLine(Map.of()));
    var variables = new TreeSet<>(OTHERS);
    all.values().forEach(those -> those.forEach(one -> variables.add(one.variable())));
    for (var file : files(DEPLOY)) {
      assertThat(VARIABLE.matcher(Files.readString(file)).results().map(MatchResult::group))
          .as("%s", file).isSubsetOf(variables);
    }
    for (var command : List.of("scheduler", "worker")) {
      var options = all.getOrDefault(command, List.of()).stream().map(one -> "--" + one.name())
          .toList();
      assertThat(Pattern.compile("(?m)^ +- (--[a-z-]+)=").matcher(
          Files.readString(CHART.resolve("templates/" + command + ".yaml"))).results()
          .map(found -> found.group(1))).isNotEmpty().isSubsetOf(options);
    }
  }

  @Test
  void theImageRunsAsNobodyInParticular() throws Exception {
    var lines = Files.readAllLines(DEPLOY.resolve("Dockerfile"));
    assertThat(lines.stream().filter(line -> line.startsWith("FROM"))).hasSize(2)
        .allMatch(line -> line.contains("temurin:25"));
    assertThat(lines).contains("USER 10001", "STOPSIGNAL SIGTERM", "ENTRYPOINT [\"heddle\"]");
    assertThat(Files.readString(CHART.resolve("templates/_helpers.tpl")))
        .contains("runAsUser: 10001");
  }

  @Test
  void scriptsAreScripts() throws Exception {
    assertThat(run(List.of("bash", "-n", "deploy/slurm/heddle.sbatch"))).isEmpty();
    assertThat(run(List.of("sh", "-n", "deploy/bin/heddle"))).isEmpty();
    assertThat(Files.isExecutable(DEPLOY.resolve("bin/heddle"))).isTrue();
  }

  @Test
  void theStartScriptTakesASecretThatIsMountedAndKeepsItToItself() throws Exception {
    var home = Files.createDirectories(directory.resolve("heddle"));
    Files.createDirectories(home.resolve("bin"));
    var mounted = Files.writeString(directory.resolve("mounted"), "s".repeat(40));
    var script = Files.writeString(home.resolve("bin/heddle"),
        Files.readString(DEPLOY.resolve("bin/heddle")).replace("/run/secrets/heddle",
            mounted.toString()));
    var java = Files.createDirectories(directory.resolve("java/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho \"$HEDDLE_SECRET_FILE\"\necho \"$@\"\n");
    for (var each : List.of(script, java)) {
      Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    for (var time = 0; time < 2; time++) {
      var said = run(List.of("env", "-u", "HEDDLE_SECRET_FILE", "-u", "HEDDLE_JAVA_OPTS",
          "JAVA_HOME=" + directory.resolve("java"), "TMPDIR=" + directory, script.toString(),
          "worker", "a b")).lines().toList();
      var secret = Path.of(said.getFirst());
      assertThat(secret).hasContent("s".repeat(40));
      assertThat(Files.getPosixFilePermissions(secret))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      assertThat(said.getLast())
          .isEqualTo("-Xshare:auto --enable-native-access=ALL-UNNAMED -cp " + home.toRealPath()
              + "/heddle-cli.jar dev.heddle.cli.Main worker a b");
    }
  }

  @Test
  @EnabledIf("hasSystemd")
  void systemdTakesTheUnits() throws Exception {
    for (var file : files(DEPLOY.resolve("systemd"))) {
      var copy = directory.resolve(file.getFileName());
      // It looks for the program.
      Files.writeString(copy,
          Files.readString(file).replace("/opt/heddle/bin/heddle", "/bin/true"));
      assertThat(run(List.of("systemd-analyze", "verify", "--man=no", copy.toString())))
          .as("%s", file).doesNotContain(copy.getFileName() + ":", copy.getFileName() + " ");
    }
  }

  static boolean hasSystemd() {
    return Files.isExecutable(Path.of("/usr/bin/systemd-analyze"));
  }

  /// @return what it printed, if it went well
  private static String run(List<String> command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).directory(Path.of("..").toFile())
        .redirectErrorStream(true).start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("%s: %s", command, output).isZero();
    return output;
  }
}
