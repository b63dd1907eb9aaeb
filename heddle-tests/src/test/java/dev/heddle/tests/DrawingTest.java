package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Client;
import dev.heddle.RemoteFuture;
import dev.heddle.Task;
import dev.heddle.TaskOptions;
import dev.heddle.cluster.ChildOptions;
import dev.heddle.cluster.LocalCluster;
import dev.heddle.wire.Address;
import dev.heddle.wire.Message;
import dev.heddle.worker.WorkerNetwork;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The drawings of `docs/architecture.md` are those of a live cluster: what is drawn lives, and what lives is drawn.
@Timeout(120)
class DrawingTest {
  private static final Path PAGE = Path.of("../docs/architecture.md");
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final String NAME = "([a-z][a-z/ -]*)";

  private static LocalCluster cluster;
  private static Client client;
  private static WorkerNetwork network;
  private static RemoteFuture<?> waiting;

  /// The names in one drawing, or of one node.
  ///
  /// @param processes and turns
  /// @param atTimes processes that may be there
  private record Names(Set<String> processes, Set<String> channels, Set<String> atTimes) {
    static Names none() {
      return new Names(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
    }

    void addAll(Names others) {
      processes.addAll(others.processes);
      channels.addAll(others.channels);
      atTimes.addAll(others.atTimes);
    }
  }

  @BeforeAll
  static void start() throws Exception {
    cluster = LocalCluster.processes(1, ChildOptions.DEFAULT.withSchedulerToo(true));
    client = cluster.client();
    network = WorkerNetwork.open("drawing", cluster.secret());
    Task<Integer> waits = () -> {
      new CountDownLatch(1).await();
      return 1;
    };
    waiting = client.submit(waits, TaskOptions.NONE.blocking());
    assertThat(client.submit(() -> 1).get()).isEqualTo(1);
  }

  @AfterAll
  static void stop() {
    waiting.cancel(true);
    network.close();
    cluster.close();
  }

  private static Set<String> found(String drawing, String pattern) {
    var names = new TreeSet<String>();
    var matcher = Pattern.compile(pattern).matcher(drawing);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  /// The names in the first drawing of a chapter.
  private static Names drawn(String chapter) throws Exception {
    var page = Files.readString(PAGE);
    var from = page.indexOf("\n## " + chapter + "\n");
    assertThat(from).as("the chapter '%s' of %s", chapter, PAGE).isNotNegative();
    var drawing = page.substring(page.indexOf("```", from) + 3);
    drawing = drawing.substring(0, drawing.indexOf("```"));
    return new Names(found(drawing, "\\[" + NAME + "\\]"), found(drawing, "<" + NAME + ">"),
        found(drawing, "\\{" + NAME + "\\}"));
  }

  /// A node by the names that `heddle ps` prints: without the node's own, numbers, and whom it serves.
  private static Names live(Address address) throws Exception {
    var node = (Message.NodeProcesses) network.connections().to(address)
        .call(new Message.AskProcesses(), TIMEOUT);
    assertThat(node.omitted()).isZero();
    var names = Names.none();
    node.processes().forEach(each -> names.processes.add(
        shortName(node, each.name()).replaceFirst(" .*", "").replaceFirst("-\\d+$", "")));
    node.turns().forEach(each -> names.processes.add(shortName(node, each.name())));
    node.channels().forEach(each -> names.channels.add(
        shortName(node, each.name()).replaceFirst("^(closing|news) .*", "$1")));
    return names;
  }

  private static String shortName(Message.NodeProcesses node, String name) {
    return name.replaceFirst("^" + node.node() + "(-store)?/", "")
        .replaceFirst(" " + node.node() + "(/.*)?$", "");
  }

  private static void compare(String chapter, Address node) throws Exception {
    var drawn = drawn(chapter);
    drawn.addAll(drawn("A node on the wire"));
    var live = live(node);
    assertThat(drawn.channels).as("channels drawn in '%s', and live ones", chapter)
        .containsExactlyInAnyOrderElementsOf(live.channels);
    live.processes.removeAll(drawn.atTimes);
    assertThat(drawn.processes).as("processes drawn in '%s', and live ones", chapter)
        .containsExactlyInAnyOrderElementsOf(live.processes);
  }

  @Test
  void aWorkerIsAsItIsDrawn() throws Exception {
    compare("A worker", cluster.addressOf(cluster.workers().getFirst()));
  }

  @Test
  void aSchedulerIsAsItIsDrawn() throws Exception {
    compare("A scheduler", cluster.address());
  }

  @Test
  void functionsThatWaitAreDrawnToo() throws Exception {
    assertThat(live(cluster.addressOf(cluster.workers().getFirst())).processes)
        .contains("blocking");
    assertThat(drawn("A worker").atTimes).contains("blocking");
  }
}
