package dev.heddle.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretTest {
  @TempDir
  Path home;

  @Test
  void theUsersOwnSecretIsMadeOnFirstUseForTheOwnerAlone() throws Exception {
    var first = Secret.user(Map.of(), home);
    var directory = home.resolve(".heddle");
    var file = directory.resolve("secret");
    assertThat(mode(file)).isEqualTo("rw-------");
    assertThat(mode(directory)).isEqualTo("rwx------");
    assertThat(Files.readString(file)).matches("[0-9a-f]{64}\n");
    assertThat(first.isGiven()).isFalse();
    assertThat(proof(Secret.user(Map.of(), home))).isEqualTo(proof(first));
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void allWhoRaceToMakeItGetTheSame() throws Exception {
    try (var racers = Executors.newFixedThreadPool(8)) {
      var tasks = new ArrayList<Callable<String>>();
      for (var i = 0; i < 32; i++) {
        tasks.add(() -> proof(Secret.user(Map.of(), home)));
      }
      var proofs = new ArrayList<String>();
      for (var future : racers.invokeAll(tasks)) {
        proofs.add(future.get());
      }
      assertThat(proofs).hasSize(32).containsOnly(proofs.getFirst());
    }
  }

  @Test
  void theNamedFileComesFirstAndCountsAsGiven() throws Exception {
    var file = home.resolve("cluster");
    var made = Secret.create(file);
    var loaded = Secret.user(Map.of(Secret.FILE_VARIABLE, file.toString()), home);
    assertThat(proof(loaded)).isEqualTo(proof(made));
    assertThat(loaded.isGiven()).isTrue();
    assertThat(home.resolve(".heddle")).doesNotExist();
  }

  @Test
  void aFileThatOthersMayReadIsRefusedWithTheCommandToRun() throws Exception {
    var file = home.resolve("open");
    Secret.create(file);
    for (var mode : new String[]{"rw-r-----", "rw----r--", "rw--w----"}) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
      assertThatThrownBy(() -> Secret.load(file)).isInstanceOf(IOException.class)
          .hasMessageContaining(mode).hasMessageContaining("chmod 600 " + file);
    }
  }

  @Test
  void aMissingShortOrHugeFileIsRefused() throws Exception {
    assertThatThrownBy(() -> Secret.load(home.resolve("none")))
        .hasMessageContaining("there is no secret file").hasMessageContaining("heddle secret");
    assertThatThrownBy(() -> Secret.load(write("short", "31 bytes are too few for anyone\n")))
        .hasMessageContaining("has 31 bytes, expected 32 to 4096");
    assertThatThrownBy(() -> Secret.load(write("huge", "x".repeat(10_000))))
        .hasMessageContaining("Is it the right file?");
  }

  @Test
  void blanksAroundTheSecretDoNotCount() throws Exception {
    var text = "0123456789abcdef0123456789abcdef";
    assertThat(proof(Secret.load(write("blanks", " \n" + text + "\r\n\n"))))
        .isEqualTo(proof(Secret.of(text.getBytes(US_ASCII))));
  }

  @Test
  void anExistingSecretIsNeverReplaced() throws Exception {
    var file = home.resolve("mine");
    var made = Secret.create(file);
    assertThatThrownBy(() -> Secret.create(file))
        .isInstanceOf(java.nio.file.FileAlreadyExistsException.class);
    assertThat(proof(Secret.load(file))).isEqualTo(proof(made));
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsAnErrorThatSaysSo() throws Exception {
    var notADirectory = write("file", "x");
    assertThatThrownBy(() -> Secret.user(Map.of(), notADirectory))
        .isInstanceOf(IOException.class).hasMessageContaining("cannot write a secret to")
        .hasMessageContaining(Secret.FILE_VARIABLE);
  }

  @Test
  void aSecretIsNotShown() {
    var text = "0123456789abcdef0123456789abcdef";
    assertThat(Secret.of(text.getBytes(US_ASCII))).hasToString("a secret");
  }

  private Path write(String name, String content) throws IOException {
    var file = Files.writeString(home.resolve(name), content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static String proof(Secret secret) {
    return Samples.describe(secret.prove("test", new byte[10]));
  }
}
