package dev.heddle.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NeighboursTest {
  private static final InetSocketAddress US = onLoopback(8787);
  private static final InetSocketAddress BROWSER = onLoopback(0xBEEF);
  private static final String HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr"
      + " tm->when retrnsmt   uid  timeout inode\n";

  @TempDir
  private Path directory;
  private Path table;
  private Path other;

  @BeforeEach
  void tables() throws Exception {
    table = directory.resolve("tcp");
    other = directory.resolve("tcp6");
    Files.writeString(other, HEAD);
  }

  private static InetSocketAddress onLoopback(int port) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(new byte[]{127, 0, 0, 1}), port);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private boolean areOurs(String... lines) throws Exception {
    Files.writeString(table, HEAD + String.join("\n", lines) + "\n");
    return new Neighbours(List.of(table, other), Optional.of(1000)).areOurs(BROWSER, US);
  }

  private static String line(String local, String remote, String state, int user) {
    return "   3: " + local + " " + remote + " " + state + " 00000000:00000000 00:00000000 00000000"
        + "  " + user + "        0 123 1 0 20 4 30 10 -1";
  }

  @Test
  void aConnectionOfTheSameUserIsOurs() throws Exception {
    assertThat(areOurs(line("0100007F:BEEF", "0100007F:2253", "01", 1000))).isTrue();
  }

  @Test
  void oneOfAnotherUserIsNot() throws Exception {
    assertThat(areOurs(line("0100007F:BEEF", "0100007F:2253", "01", 1001))).isFalse();
  }

  @Test
  void theAdministratorIsLetIn() throws Exception {
    assertThat(areOurs(line("0100007F:BEEF", "0100007F:2253", "01", 0))).isTrue();
  }

  @Test
  void oneThatHasEndedOpensNothing() throws Exception {
    assertThat(areOurs(line("0100007F:BEEF", "0100007F:2253", "06", 0))).isFalse();
  }

  @Test
  void theOtherEndOfTheConnectionIsNotWhoAsks() throws Exception {
    assertThat(areOurs(line("0100007F:2253", "0100007F:BEEF", "01", 1000))).isFalse();
  }

  @Test
  void ofAnIpv4ConnectionTheTableOfIpv6MayTell() throws Exception {
    var mapped = "0000000000000000FFFF00000100007F";
    Files.writeString(other, HEAD + line(mapped + ":BEEF", mapped + ":2253", "01", 1001) + "\n");
    assertThat(areOurs()).isFalse();
  }

  @Test
  void whereTheSystemTellsNothingEveryoneOnTheHostIsLetIn() {
    var nowhere = new Neighbours(List.of(directory.resolve("none")), Optional.of(1000));
    assertThat(nowhere.areOurs(BROWSER, US)).isTrue();
  }

  @Test
  void thisVeryProcessIsOurs() throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var client = new Socket(server.getInetAddress(), server.getLocalPort())) {
      assertThat(Neighbours.ofThisHost().areOurs(
          (InetSocketAddress) client.getLocalSocketAddress(),
          (InetSocketAddress) client.getRemoteSocketAddress())).isTrue();
    }
  }
}
