package dev.heddle.metadata.redis;

import dev.heddle.metadata.MetadataStore;
import dev.heddle.metadata.MetadataStoreContract;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// What every store must do, done by a real Redis.
class RedisMetadataStoreTest extends MetadataStoreContract {
  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static RealRedis redis;
  private static int namespaces;

  private @Nullable RedisMetadataStore store;
  private boolean away;

  @BeforeAll
  static void startRedis() throws IOException {
    redis = RealRedis.start();
  }

  @AfterAll
  static void stopRedis() throws IOException {
    redis.close();
  }

  @Override
  protected MetadataStore open() {
    namespaces++;
    var opened = RedisMetadataStore.open(redis.address("test-" + namespaces),
        Duration.ofSeconds(20));
    store = opened;
    return opened;
  }

  @Override
  protected MetadataStore restartedEmpty() throws IOException {
    redis.restart();
    return java.util.Objects.requireNonNull(store);
  }

  @Override
  protected void takeAway() throws IOException {
    redis.stop();
    away = true;
  }

  @Override
  protected void cleanUp() throws IOException {
    if (away) {
      redis.restart();
    }
  }
}
