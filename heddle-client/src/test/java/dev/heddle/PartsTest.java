package dev.heddle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.wire.Message;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PartsTest {
  // The core of a handle is not looked at here.
  @SuppressWarnings("NullAway")
  private static Entry entry(long number) {
    return new Handle<>(null, new ReferenceQueue<>(), number, new Label.Published("x"), null)
        .entry();
  }

  @Test
  void theTableIsAMapFromNumbersToEntries() {
    var random = new Random(17);
    var table = new EntryTable();
    var model = new HashMap<Long, Entry>();
    for (var step = 0; step < 50_000; step++) {
      var number = 1L + random.nextInt(3_000);
      var known = model.get(number);
      assertThat(table.get(number)).isSameAs(known);
      if (known != null) {
        assertThat(table.remove(known)).isTrue();
        assertThat(table.remove(known)).isFalse();
        model.remove(number);
      } else if (random.nextInt(3) > 0) {
        var added = entry(number);
        table.add(added);
        model.put(number, added);
      }
      assertThat(table.size()).isEqualTo(model.size());
    }
    assertThat(table.all()).containsExactlyInAnyOrderElementsOf(model.values());
  }

  @Test
  void numbersAreToldInRanges() {
    var bag = new NumberBag();
    var numbers = new ArrayList<>(List.of(7L, 3L, 4L, 5L, 4L, 100L));
    numbers.forEach(bag::add);
    assertThat(bag.takeRanges()).containsExactly(new Message.Range(3, 3),
        new Message.Range(7, 1), new Message.Range(100, 1));
    assertThat(bag.isEmpty()).isTrue();
    assertThat(bag.takeRanges()).isEmpty();
  }

  @Test
  void whatIsNotThereIsToldInRangesToo() {
    var bag = new NumberBag();
    List.of(4L, 5L, 9L, 1L).forEach(bag::add);
    assertThat(bag.takeGaps(12, 2)).containsExactly(
        List.of(new Message.Range(2, 2), new Message.Range(6, 3)),
        List.of(new Message.Range(10, 3)));
    assertThat(bag.takeGaps(0, 2)).isEmpty();
  }

  private static CallSite site() {
    return CallSite.here();
  }

  @Test
  void aCallSiteIsOneObjectForOneLine() {
    var sites = new ArrayList<CallSite>();
    for (var i = 0; i < 3; i++) {
      sites.add(site());
    }
    assertThat(sites).allMatch(site -> site.equals(sites.getFirst()));
    assertThat(site()).isNotEqualTo(sites.getFirst());
    assertThat(sites.getFirst()).asString().startsWith("PartsTest.java:")
        .endsWith("in PartsTest.site");
  }

  @Test
  void aTaskSubmittedAloneHasAPlaceOfItsOwnUntilTooManyAreHeld() {
    var own = CallSite.ofOne(0);
    assertThat(own.isOwn()).isTrue();
    assertThat(own).asString().startsWith("PartsTest.java:")
        .endsWith("in PartsTest.aTaskSubmittedAloneHasAPlaceOfItsOwnUntilTooManyAreHeld");
    assertThat(own.frames()).hasSizeBetween(1, 4)
        .allSatisfy(frame -> assertThat(frame.getClassName()).doesNotEndWith("CallSite"));
    assertThat(CallSite.ofOne(Integer.MAX_VALUE).isOwn()).isFalse();
  }

  private static CallSite deep(int calls) {
    return calls == 0 ? CallSite.ofOne(0) : deep(calls - 1);
  }

  @Test
  void inAProgramThatIsDeepInCallsTheInnermostFramesAreWalked() {
    var places = new ArrayList<CallSite>();
    for (var i = 0; i < 5_000; i++) { // The depth is looked at now and then.
      places.add(deep(200));
    }
    assertThat(places.getLast().isOwn()).isFalse();
    assertThat(places.getLast()).isEqualTo(places.getFirst());
    for (var i = 0; i < 5_000; i++) {
      CallSite.ofOne(0);
    }
    assertThat(CallSite.ofOne(0).isOwn()).isTrue();
  }

  @Test
  void whatIsHeldWithAPlaceOfItsOwnIsCounted() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var ledger = ((Handle<?>) client.submit(() -> 1)).core().ledger();
      var before = ledger.ownPlaces();
      var futures = List.of(client.submit(() -> 2), client.submit(() -> 3));
      assertThat(ledger.ownPlaces()).isEqualTo(before + 2);
      client.gather(futures);
      client.release(futures);
      assertThat(ledger.ownPlaces()).isEqualTo(before);
    }
  }

  @Test
  void aFunctionThatTakesMuchAlongIsWarnedOfOncePerLine() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var x = client.submit(() -> 1);
      var functions = new Functions(((Handle<?>) x).core());
      var words = new int[500_000];
      Task<Integer> task = () -> words.length;
      var site = site();
      assertThat(functions.warning(task, 2 << 20, site)).hasValueSatisfying(
          warning -> assertThat(warning).contains("captures words", "2 MiB",
              "PartsTest.java:", "client.scatter"));
      assertThat(functions.warning(task, 2 << 20, site)).isEmpty();
      assertThat(functions.warning(task, 1 << 20, site())).isEmpty();
    }
  }

  @Test
  void aLargeFunctionIsToldToTheSchedulerOnce() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var words = new int[50_000];
      words[3] = 4;
      for (var i = 0; i < 5; i++) {
        assertThat(client.submit(n -> words[n], i).get()).isEqualTo(i == 3 ? 4 : 0);
      }
      assertThat(toy.said(Message.Define.class)).hasSize(1);
    }
  }

  @Test
  void functionsThatAreNotUsedAnyMoreAreForgotten() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      for (var i = 0; i < 300; i++) {
        var words = new int[20_000];
        words[0] = i;
        assertThat(client.submit(() -> words[0]).get()).isEqualTo(i);
      }
      assertThat(toy.said(Message.Define.class)).hasSize(300);
      Toy.eventually("forgotten", () -> toy.said(Message.Undefine.class).size() == 300 - 256);
    }
  }
}
