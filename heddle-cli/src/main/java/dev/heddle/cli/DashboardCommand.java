package dev.heddle.cli;

import dev.heddle.web.WebServer;
import java.net.URI;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "dashboard", mixinStandardHelpOptions = true, description = {
    "Print what a browser opens to see a page that asks for a token: its address with the token.",
    "The token comes from the cluster's secret, and is to be kept like it. On this machine, a page on loopback needs none."})
final class DashboardCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;
  @Parameters(paramLabel = "URL", arity = "0..1", defaultValue = "http://127.0.0.1:8787/", description = "where the page is (default: ${DEFAULT-VALUE})")
  private String url = "";
  @Mixin
  private Cluster cluster;

  @Override
  public Integer call() throws Exception {
    var page = URI.create(url.contains("://") ? url : "http://" + url);
    if (page.getHost() == null) {
      throw new IllegalArgumentException(
          "'" + url + "' is not the address of a page; write it as http://host:port/");
    }
    spec.commandLine().getOut()
        .println(page.resolve("/?token=" + WebServer.tokenOf(cluster.secret())));
    return 0;
  }
}
