package dev.heddle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.wire.Address;
import dev.heddle.wire.Secret;
import java.io.IOException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ClusterTest {
  @Test
  void aScatteredValueIsOnAWorkerAndCanBeUsedAndRead() throws Exception {
    try (var toy = new Toy(2); var client = toy.connect()) {
      var x = client.scatter(List.of("a", "b"));
      assertThat(x.isDone()).isTrue();
      assertThat(client.whoHas(x)).hasSize(1);
      assertThat(client.submit(list -> list.size(), x).get()).isEqualTo(2);
      assertThat(x.get()).containsExactly("a", "b");
    }
  }

  @Test
  void manyScatteredValuesAreSpread() throws Exception {
    try (var toy = new Toy(2); var client = toy.connect()) {
      var all = client.scatterAll(List.of(1, 2, 3, 4));
      assertThat(client.gather(all)).containsExactly(1, 2, 3, 4);
      assertThat(toy.workers).allSatisfy(worker -> assertThat(worker.values).hasSize(2));
    }
  }

  @Test
  void aScatteredValueWhoseWorkerForgotItIsLost() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var x = client.scatter("gone");
      toy.worker().values.clear();
      assertThatThrownBy(x::get).isInstanceOf(ExecutionException.class)
          .cause().isInstanceOf(TaskLostException.class).hasMessageContaining("scattered");
    }
  }

  @Test
  void whatOneClientPublishesAnotherCanUse() throws Exception {
    try (var toy = new Toy(); var one = toy.connect(); var other = toy.connect()) {
      var x = one.submit(() -> 20);
      one.publish("answer", x);
      RemoteFuture<Integer> adopted = other.published("answer");
      assertThat(adopted.key()).isEqualTo(x.key());
      assertThat(adopted.get()).isEqualTo(20);
      assertThat(other.submit(a -> a + 1, adopted).get()).isEqualTo(21);
      assertThat(other.submit(() -> adopted.get() + 2).get()).isEqualTo(22);
      assertThat(other.published()).containsExactly("answer");
      other.unpublish("answer");
      assertThat(one.published()).isEmpty();
      assertThatThrownBy(() -> one.published("answer"))
          .isInstanceOf(NoSuchElementException.class).hasMessageContaining("answer");
      assertThatThrownBy(() -> other.publish("mine", x))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aFunctionRunsOnEveryWorker() throws Exception {
    try (var toy = new Toy(2); var client = toy.connect()) {
      assertThat(client.run(() -> "here")).containsOnlyKeys("w1", "w2").containsValue("here");
      assertThat(toy.said(dev.heddle.wire.Message.Submit.class))
          .allMatch(submit -> submit.settings().workers().size() == 1
              && submit.settings().blocking());
    }
  }

  @Test
  void theSchedulerIsAskedAboutTasksAndItself() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var x = client.submit(() -> 1);
      x.get();
      assertThat(client.explain(x)).contains(x.key().text());
      assertThat(client.story(x)).contains("released");
      assertThat(client.whoHas(x)).containsExactly("w1");
      var info = client.info();
      assertThat(info.scheduler()).isEqualTo("toy");
      assertThat(info.address()).isEqualTo(toy.address.toString());
      assertThat(info.tasks()).containsKey("memory");
      assertThat(client.workers()).singleElement().satisfies(worker -> {
        assertThat(worker.name()).isEqualTo("w1");
        assertThat(worker.resources()).containsEntry("GPU", 1);
      });
      assertThat(client.address()).isEqualTo(toy.address);
      assertThat(client).hasToString("client 'client-" + ProcessHandle.current().pid() + "' of "
          + toy.address);
    }
  }

  @Test
  void connectingToNobodySaysWhatToDo() throws Exception {
    Address nobody;
    try (var toy = new Toy()) {
      nobody = toy.address;
    }
    assertThatThrownBy(() -> Heddle.connect(nobody.toString(),
        ClientOptions.DEFAULT.secret(Secret.generate()))).isInstanceOf(IOException.class)
        .hasMessageContaining(nobody.toString()).hasMessageContaining("is a node running there?");
    assertThatThrownBy(() -> Heddle.connect("http://x"))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("heddle://host:port");
    assertThatThrownBy(Heddle::connect).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("HEDDLE_ADDRESS");
  }

  @Test
  void connectingToSomethingElseThanASchedulerIsAnError() throws Exception {
    try (var toy = new Toy()) {
      assertThatThrownBy(() -> Heddle.connect(toy.worker().info.address().toString(),
          ClientOptions.DEFAULT.secret(toy.secret))).isInstanceOf(IOException.class)
          .hasMessageContaining("does not take this client");
    }
  }

  @Test
  void aLocalClusterNeedsTheArtifactThatHasIt() {
    assertThatThrownBy(Heddle::local).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("dev.heddle:heddle-cluster");
    assertThatThrownBy(() -> Heddle.local(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aLocalClusterEndsWithItsClient() throws Exception {
    var closed = new AtomicBoolean();
    var broken = new AtomicBoolean();
    ClusterProvider provider = _ -> {
      var toy = new Toy();
      return new ClusterProvider.Started() {
        @Override
        public Address address() {
          return toy.address;
        }

        @Override
        public Secret secret() {
          return toy.secret;
        }

        @Override
        public void awaitReady() throws IOException {
          if (broken.get()) {
            throw new IOException("no worker");
          }
        }

        @Override
        public void close() {
          toy.close();
          closed.set(true);
        }
      };
    };
    try (var client = Heddle.local(List.of(provider), 2)) {
      assertThat(client.submit(() -> 1).get()).isEqualTo(1);
    }
    assertThat(closed).isTrue();

    closed.set(false);
    broken.set(true);
    assertThatThrownBy(() -> Heddle.local(List.of(provider), 2)).hasMessage("no worker");
    assertThat(closed).isTrue();
  }
}
