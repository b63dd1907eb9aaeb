package dev.heddle.metadata.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisAddressTest {
  @Test
  void aHostIsEnough() {
    assertThat(RedisAddress.parse("redis://cache")).isEqualTo(new RedisAddress(false, "cache",
        6379, Optional.empty(), Optional.empty(), 0, "default"));
  }

  @Test
  void everythingCanBeGiven() {
    assertThat(RedisAddress.parse("rediss://ann:p%40ss%2Fword+@[::1]:7000/3?namespace=lab-1"))
        .isEqualTo(new RedisAddress(true, "::1", 7000, Optional.of("ann"),
            Optional.of("p@ss/word+"), 3, "lab-1"));
  }

  @Test
  void aPasswordMayComeWithoutAUser() {
    var address = RedisAddress.parse("redis://:secret@cache/");
    assertThat(address.user()).isEmpty();
    assertThat(address.password()).contains("secret");
  }

  @Test
  void thePasswordIsNeverShown() {
    assertThat(RedisAddress.parse("redis://ann:hunter2@cache:7000/3?namespace=lab"))
        .hasToString("redis://cache:7000/3?namespace=lab");
    assertThat(RedisAddress.parse("rediss://ann:hunter2@[::1]")).hasToString(
        "rediss://[::1]:6379/0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"redis://ann:hunter2@", "redis://ann:hunter2@cache/x",
      "redis://ann:hunter2@cache:99999999", "redis://ann:hunter2@cache?name=x",
      "redis://ann:hunter2@cache?namespace=a:b", "redis://ann:hunter2@ca che",
      "redis://ann:hunter2@cache/-1", "http://ann:hunter2@cache", "redis://ann:hun@ter2@cache^"})
  void whatIsWrongIsSaidWithoutThePassword(String text) {
    assertThatThrownBy(() -> RedisAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class).satisfies(e -> {
          for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            assertThat(String.valueOf(cause.getMessage())).doesNotContain("hunter2", "ter2");
          }
        });
  }

  @Test
  void aUserNeedsAPassword() {
    assertThatThrownBy(() -> new RedisAddress(false, "cache", 1, Optional.of("ann"),
        Optional.empty(), 0, "default")).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'ann'");
  }

  @Test
  void redisIsKnownByItsScheme() {
    assertThat(RedisAddress.isRedis("redis://cache")).isTrue();
    assertThat(RedisAddress.isRedis("rediss://cache")).isTrue();
    assertThat(RedisAddress.isRedis("heddle://cache")).isFalse();
  }
}
