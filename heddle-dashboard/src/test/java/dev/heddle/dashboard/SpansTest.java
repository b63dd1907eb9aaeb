package dev.heddle.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Activity;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SpansTest {
  private final Spans spans = new Spans();

  private JsonNode after(long number) {
    return JsonMapper.shared().readTree(spans.json(number, 1_000_000));
  }

  private static Activity ran(int number) {
    return new Activity.Ran(Key.of("step-abcdefghi-" + number), 1, number, number + 5L, true);
  }

  @Test
  void eachIsToldOnceToWhoeverAsksForWhatIsNew() {
    spans.add("w", List.of(ran(1), ran(2)), false);
    assertThat(after(0).get("s").size()).isEqualTo(2);
    spans.add("w", List.of(new Activity.Fetched("v", Key.of("x"), 3, 99, 10, 20)), false);
    var news = after(2);
    assertThat(news.get("first").asInt()).isEqualTo(2);
    assertThat(news.get("last").asInt()).isEqualTo(3);
    assertThat(news.get("k").get(0).asInt()).isEqualTo(Spans.FETCHED);
    assertThat(after(3).get("s").size()).isZero();
  }

  @Test
  void theOldestGoFirstAndAreNotToldOf() {
    var many = new ArrayList<Activity>();
    for (var i = 0; i < Spans.COUNT_MAX + 10; i++) {
      many.add(ran(i));
    }
    spans.add("w", many, false);
    var all = after(0);
    assertThat(all.get("first").asInt()).isEqualTo(10);
    assertThat(all.get("s").size()).isEqualTo(Spans.COUNT_MAX);
    assertThat(JsonMapper.shared().readTree(spans.json(5)).get("known").asBoolean()).isFalse();
    assertThat(JsonMapper.shared().readTree(spans.json(10)).get("key").asString())
        .isEqualTo("step-abcdefghi-10");
  }

  @Test
  void aNameIsTheKeyWithoutWhatMakesItTheOnlyOne() {
    assertThat(Names.ofKey("load_block-3kd4npblf-14576/3")).isEqualTo("load_block");
    assertThat(Names.ofKey("a-b-3kd4npblf-7")).isEqualTo("a-b");
    assertThat(Names.ofKey("prices@abcdefghijklm")).isEqualTo("prices");
    assertThat(Names.ofKey("x")).isEqualTo("x");
  }

  @Test
  void beyondABoundNamesShareOne() {
    var names = new Names(2);
    assertThat(names.of("a")).isZero();
    assertThat(names.of("b")).isEqualTo(1);
    assertThat(names.get(names.of("c"))).isEqualTo("(others)");
    assertThat(names.of("d")).isEqualTo(names.of("c"));
    assertThat(names.size()).isEqualTo(3);
  }
}
