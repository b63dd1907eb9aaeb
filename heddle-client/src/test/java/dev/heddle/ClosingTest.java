package dev.heddle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.process.ProcessInfo;
import dev.heddle.process.Processes;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClosingTest {
  private static List<String> processes(String prefix) {
    return Processes.snapshot().processes().stream().map(ProcessInfo::name)
        .filter(name -> name.startsWith(prefix)).toList();
  }

  @Test
  void noProcessAndNoConnectionIsLeft() throws Exception {
    try (var toy = new Toy().inlineMax(0)) {
      var client = toy.connect(ClientOptions.DEFAULT.name("closing"));
      assertThat(client.submit(() -> "large").get()).isEqualTo("large");
      assertThat(processes("closing")).isNotEmpty();
      client.close();
      assertThat(processes("closing")).isEmpty();
      // A process is over a moment before its thread is.
      Toy.eventually("its threads end", () -> Thread.getAllStackTraces().keySet().stream()
          .noneMatch(thread -> thread.getName().startsWith("closing")));
      Toy.eventually("the scheduler knows", () -> toy.clients() == 0);
    }
  }

  @Test
  void unfinishedFuturesEndWithAnErrorThatSaysSo() throws Exception {
    try (var toy = new Toy().hold()) {
      var client = toy.connect();
      var x = client.submit(() -> 1);
      var waiting = new CompletableFuture<Throwable>();
      var thread = Thread.ofPlatform().start(() -> {
        try {
          x.get();
        } catch (InterruptedException | ExecutionException e) {
          waiting.complete(e);
        }
      });
      var attached = x.handle((_, failure) -> failure);
      Toy.eventually("it waits", () -> thread.getState() == Thread.State.WAITING);
      client.close();
      assertThat(waiting.get(30, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class)
          .cause().isInstanceOf(ClientClosedException.class)
          .hasMessageContaining("was closed before the task was done");
      assertThat(attached.toCompletableFuture().get(30, TimeUnit.SECONDS))
          .isInstanceOf(ClientClosedException.class);
    }
  }

  @Test
  void valuesThatAreHereStayAndThoseThatAreNotSayWhy() throws Exception {
    try (var toy = new Toy().inlineMax(100)) {
      var client = toy.connect();
      var here = client.submit(() -> 1);
      var elsewhere = client.submit(() -> new byte[1000]);
      here.get();
      Toy.eventually("done", elsewhere::isDone);
      client.close();
      assertThat(here.get()).isEqualTo(1);
      assertThatThrownBy(elsewhere::get).isInstanceOf(ClientClosedException.class)
          .hasMessageContaining("was closed");
    }
  }

  @Test
  void theTasksAreDropped() throws Exception {
    try (var toy = new Toy().hold()) {
      var client = toy.connect();
      var futures = client.map(List.of(1, 2, 3), n -> n);
      Toy.eventually("submitted", () -> toy.wanted() == 3);
      client.close();
      Toy.eventually("dropped", () -> toy.wanted() == 0);
      assertThat(futures).hasSize(3);
    }
  }

  @Test
  void nothingCanBeAskedOfAClosedClient() throws Exception {
    try (var toy = new Toy()) {
      var client = toy.connect();
      client.close();
      client.close();
      assertThatThrownBy(() -> client.submit(() -> 1)).isInstanceOf(ClientClosedException.class);
      assertThatThrownBy(() -> client.map(List.of(1), n -> n))
          .isInstanceOf(ClientClosedException.class);
      assertThatThrownBy(() -> client.scatter(1)).isInstanceOf(ClientClosedException.class);
      assertThatThrownBy(client::info).isInstanceOf(ClientClosedException.class);
    }
  }

  @Test
  void aCallbackMayCloseItsClient() throws Exception {
    try (var toy = new Toy()) {
      var client = toy.connect();
      var closed = client.submit(() -> 1).thenAcceptAsync(_ -> client.close());
      closed.toCompletableFuture().get(30, TimeUnit.SECONDS);
      assertThatThrownBy(() -> client.submit(() -> 1)).isInstanceOf(ClientClosedException.class);
    }
  }
}
