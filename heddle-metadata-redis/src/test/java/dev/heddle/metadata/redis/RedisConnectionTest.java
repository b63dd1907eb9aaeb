package dev.heddle.metadata.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.metadata.MetadataUnavailableException;
import dev.heddle.wire.Address;
import dev.heddle.wire.Message.Change;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What lies between a store and its Redis.
@Timeout(60)
class RedisConnectionTest {
  private static final WorkerInfo ANN = new WorkerInfo(new WorkerId("ann", 1),
      new Address("10.0.0.7", 4000), "host", 17, 2);
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String PASSWORD = "changeit";

  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static RealRedis redis;

  @BeforeAll
  static void startRedis() throws IOException {
    redis = RealRedis.start();
  }

  @AfterAll
  static void stopRedis() throws IOException {
    redis.close();
  }

  private static RedisAddress at(boolean tls, String host, int port) {
    return new RedisAddress(tls, host, port, Optional.empty(), Optional.empty(), 0, "default");
  }

  @Test
  void aRedisThatNeverAnswersIsAnErrorAfterTheTimeout() throws Exception {
    try (var mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        var store = RedisMetadataStore.open(at(false, "127.0.0.1", mute.getLocalPort()),
            Duration.ofMillis(200))) {
      assertThatThrownBy(store::workers).isInstanceOf(MetadataUnavailableException.class)
          .hasMessageContaining("timed out");
      assertThatThrownBy(() -> store.watch("")).isInstanceOf(MetadataUnavailableException.class);
    }
  }

  @Test
  void aHostThatDoesNotExistIsAnErrorThatNamesIt() {
    try (var store = RedisMetadataStore.open(at(false, "no-such-host.invalid", 6379))) {
      assertThatThrownBy(store::workers).isInstanceOf(MetadataUnavailableException.class)
          .hasMessageContaining("no-such-host.invalid");
    }
  }

  @Test
  void aWatchGivesUpAConnectionThatIsSilent() throws Exception {
    try (var proxy = new TestProxy(ServerSocketFactory.getDefault(), redis.address("x").port());
        var store = RedisMetadataStore.open(at(false, "127.0.0.1", proxy.port()),
            Duration.ofSeconds(2));
        var watch = store.watch("")) {
      proxy.freeze();
      // Nobody closes the silent connection; only when it was given up is another made.
      assertThat(watch.receive(PATIENCE).orElseThrow().lost()).isTrue();
    }
  }

  @Test
  void tlsIsSpokenWithARedisWhoseCertificateIsTrusted(@TempDir Path dir) throws Exception {
    var keys = dir.resolve("keys.p12");
    makeCertificate(keys, "ip:127.0.0.1");
    try (var proxy = tlsProxy(keys)) {
      var address = at(true, "127.0.0.1", proxy.port());
      try (var store = RedisMetadataStore.open(address, PATIENCE)) {
        assertThatThrownBy(store::workers).isInstanceOf(MetadataUnavailableException.class)
            .hasMessageContaining("certification path");
      }
      trusting(keys, () -> {
        try (var store = RedisMetadataStore.open(address, PATIENCE);
            var watch = store.watch("")) {
          store.join(ANN, LONG);
          assertThat(watch.receive(PATIENCE).orElseThrow().changes())
              .containsExactly(new Change.Joined(ANN));
          store.leave(ANN.id());
        }
      });
    }
  }

  @Test
  void aTrustedCertificateOfAnotherHostIsRefused(@TempDir Path dir) throws Exception {
    var keys = dir.resolve("keys.p12");
    makeCertificate(keys, "dns:elsewhere.example");
    try (var proxy = tlsProxy(keys)) {
      trusting(keys, () -> {
        try (var store = RedisMetadataStore.open(at(true, "127.0.0.1", proxy.port()), PATIENCE)) {
          assertThatThrownBy(store::workers).isInstanceOf(MetadataUnavailableException.class)
              .hasMessageContaining("127.0.0.1");
        }
      });
    }
  }

  private static void makeCertificate(Path keys, String name) throws Exception {
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    var process = new ProcessBuilder(List.of(keytool.toString(), "-genkeypair", "-alias", "redis",
        "-keyalg", "EC", "-dname", "CN=redis", "-ext", "san=" + name, "-validity", "1",
        "-storetype", "PKCS12", "-keystore", keys.toString(), "-storepass", PASSWORD))
        .redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(),
        java.nio.charset.StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
  }

  private static TestProxy tlsProxy(Path keys) throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(keys)) {
      store.load(in, PASSWORD.toCharArray());
    }
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, PASSWORD.toCharArray());
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return new TestProxy(context.getServerSocketFactory(), redis.address("x").port());
  }

  /// Runs `part` as in a JVM that was started with this trust store.
  private static void trusting(Path keys, Part part) throws Exception {
    System.setProperty("javax.net.ssl.trustStore", keys.toString());
    System.setProperty("javax.net.ssl.trustStorePassword", PASSWORD);
    try {
      part.run();
    } finally {
      System.clearProperty("javax.net.ssl.trustStore");
      System.clearProperty("javax.net.ssl.trustStorePassword");
    }
  }

  private interface Part {
    void run() throws Exception;
  }
}
