package dev.heddle.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LanesTest {
  private final Lanes lanes = new Lanes();
  private final FakeConnection first = new FakeConnection();
  private final FakeConnection second = new FakeConnection();
  private final FakeConnection third = new FakeConnection();

  private static void isBeingSent(Lanes lanes, FakeConnection to) {
    assertThat(lanes.enter(to)).isTrue();
    to.unwrittenBytes = 64 << 20;
    lanes.said(to);
  }

  @Test
  void twoAreSentLargeValuesAtATime() {
    isBeingSent(lanes, first);
    isBeingSent(lanes, second);
    assertThat(lanes.enter(third)).isFalse();
    second.unwrittenBytes = 0;
    assertThat(lanes.enter(third)).isTrue();
  }

  @Test
  void whoIsBeingSentOneMayHaveAnother() {
    isBeingSent(lanes, first);
    isBeingSent(lanes, second);
    assertThat(lanes.enter(first)).isTrue();
  }

  @Test
  void whatIsNotSaidYetTakesItsLane() {
    assertThat(lanes.enter(first)).isTrue();
    assertThat(lanes.enter(second)).isTrue();
    assertThat(lanes.enter(third)).isFalse();
  }

  @Test
  void whoIsLostLeavesItsLane() {
    isBeingSent(lanes, first);
    isBeingSent(lanes, second);
    first.close("lost");
    assertThat(lanes.enter(third)).isTrue();
  }
}
