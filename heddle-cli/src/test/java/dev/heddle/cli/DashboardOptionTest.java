package dev.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.ClientOptions;
import dev.heddle.Heddle;
import dev.heddle.scheduler.Scheduler;
import dev.heddle.scheduler.SchedulerOptions;
import dev.heddle.web.WebServer;
import dev.heddle.wire.Address;
import dev.heddle.wire.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class DashboardOptionTest {
  private static final Address SCHEDULER = new Address("127.0.0.1", 1);
  private static final Secret SECRET = Secret.generate();

  @Command(name = "host")
  private static final class Host {
    @Mixin
    private DashboardOption dashboard;
  }

  private final List<String> said = new ArrayList<>();

  private static DashboardOption option(String... arguments) {
    var host = new Host();
    new CommandLine(host).parseArgs(arguments);
    return host.dashboard;
  }

  @Test
  void aPageIsServedAndSaysWhere() throws Exception {
    try (var page = option("--dashboard-port", "0").serve(SCHEDULER, SECRET, said::add)
        .orElseThrow()) {
      assertThat(said).containsExactly("dashboard at " + page.uri());
    }
  }

  @Test
  void noneIsServedWhereNobodyWantsIt() throws Exception {
    assertThat(option("--dashboard-port", "none").serve(SCHEDULER, SECRET, said::add)).isEmpty();
    assertThat(said).isEmpty();
  }

  @Test
  void aPortThatWasAskedForAndIsTakenIsAnError() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var port = String.valueOf(taken.getLocalPort());
      assertThatThrownBy(
          () -> option("--dashboard-port", port).serve(SCHEDULER, SECRET, said::add))
          .isInstanceOf(IOException.class).hasMessageContaining(port)
          .hasMessageContaining("choose another port");
    }
  }

  @Test
  void whereNobodyAskedTheNextFreePortIsTakenAndSaid() throws Exception {
    try (var first = option().serve(SCHEDULER, SECRET, said::add).orElseThrow();
        var second = option().serve(SCHEDULER, SECRET, said::add).orElseThrow()) {
      assertThat(second.uri().getPort()).isGreaterThan(first.uri().getPort());
      assertThat(said.getLast())
          .isEqualTo("dashboard at " + second.uri() + " (port 8787 is in use)");
    }
  }

  @Test
  void whatIsNoPortIsSaidToBeNone() {
    assertThatThrownBy(
        () -> option("--dashboard-port", "http").serve(SCHEDULER, SECRET, said::add))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("'http'");
  }

  @Test
  void onOtherAddressesBrowsersNeedTheTokenThatACommandPrints(@TempDir Path directory)
      throws Exception {
    var file = directory.resolve("secret");
    var secret = Secret.create(file);
    try (var page = option("--dashboard-port", "0", "--dashboard-host", "0.0.0.0")
        .serve(SCHEDULER, secret, said::add).orElseThrow()) {
      assertThat(said.getFirst()).contains("'heddle dashboard " + page.uri() + "' adds the token");
      var ended = new CommandLines(Map.of()).run("dashboard", "--secret-file", file.toString(),
          page.uri().toString());
      assertThat(ended.out().strip()).isEqualTo(page.uriWithToken().toString())
          .endsWith(WebServer.tokenOf(secret));
    }
  }

  @Test
  void aClientLearnsWhereThePageIsWithWhatABrowserNeeds() throws Exception {
    try (
        var scheduler = Scheduler.start(
            SchedulerOptions.of(SECRET).withListen(new Address("127.0.0.1", 0)));
        var client = Heddle.connect(scheduler.address().toString(),
            ClientOptions.DEFAULT.secret(SECRET))) {
      assertThat(client.dashboard()).isEmpty();
      scheduler.announcePage(URI.create("http://127.0.0.1:8790/"), false);
      assertThat(client.dashboard()).contains(URI.create("http://127.0.0.1:8790/"));
      scheduler.announcePage(URI.create("http://0.0.0.0:8790/"), true);
      assertThat(client.dashboard()).contains(
          URI.create("http://127.0.0.1:8790/?token=" + WebServer.tokenOf(SECRET)));
    }
  }
}
