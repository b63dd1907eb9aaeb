package dev.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.web.WebServer;
import dev.heddle.wire.Secret;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsOptionsTest {
  @TempDir
  private Path directory;

  @Test
  void theTokenForScrapersIsThatOfTheSecretAndNotTheSecret() throws Exception {
    var file = directory.resolve("secret");
    var secret = Secret.create(file);

    var printed = new CommandLines(Map.of()).run("secret", "--token", file.toString());

    assertThat(printed.status()).isZero();
    assertThat(printed.out()).isEqualTo(WebServer.tokenOf(secret) + System.lineSeparator());
  }

  @Test
  void aTokenOfNoSecretIsRefusedAndNoneIsMade() {
    var file = directory.resolve("missing");

    var refused = new CommandLines(Map.of()).run("secret", "--token", file.toString());

    assertThat(refused.status()).isNotZero();
    assertThat(refused.err()).contains(file.toString());
    assertThat(file).doesNotExist();
  }
}
