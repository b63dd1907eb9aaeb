package dev.heddle.metadata.redis;

import dev.heddle.metadata.Batches;
import dev.heddle.metadata.MetadataUnavailableException;
import dev.heddle.metadata.Outage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/// Runs scripts on pooled connections, many calls in one round trip. For any number of threads.
final class Scripts implements AutoCloseable {
  private static final int CONNECTIONS_MAX = 8;
  /// How many calls are on their way before their answers are read.
  private static final int CALLS_MAX = 32;

  private final RedisAddress address;
  private final Duration timeout;
  private final Outage outage;
  private final RedisClient client;
  private volatile boolean closed;

  Scripts(RedisAddress address, Duration timeout) {
    this.address = address;
    this.timeout = timeout;
    this.outage = new Outage(address.toString());
    var pool = new ConnectionPoolConfig();
    pool.setMaxTotal(CONNECTIONS_MAX);
    pool.setMaxIdle(CONNECTIONS_MAX);
    pool.setMinIdle(0);
    pool.setMaxWait(timeout);
    pool.setJmxEnabled(false);
    this.client = RedisClient.builder()
        .hostAndPort(new HostAndPort(address.host(), address.port()))
        .clientConfig(config(address, timeout)).poolConfig(pool).build();
  }

  static JedisClientConfig config(RedisAddress address, Duration timeout) {
    var config = DefaultJedisClientConfig.builder().resp2().clientName("heddle")
        .connectionTimeoutMillis((int) timeout.toMillis())
        .socketTimeoutMillis((int) timeout.toMillis()).database(address.database());
    address.user().ifPresent(config::user);
    address.password().ifPresent(config::password);
    if (address.tls()) {
      config.sslOptions(SslOptions.builder().sslVerifyMode(SslVerifyMode.FULL).build());
    }
    return config.build();
  }

  /// Runs `script` once.
  Object call(Script script, String... arguments)
      throws MetadataUnavailableException, InterruptedException {
    return call(script, List.of(List.of(arguments))).getFirst();
  }

  /// Runs `script` once for each list of arguments, in order.
  ///
  /// @return what they gave, in the same order
  List<Object> call(Script script, List<List<String>> calls)
      throws MetadataUnavailableException, InterruptedException {
    var results = new ArrayList<Object>(calls.size());
    for (var start = 0; start < calls.size(); start += CALLS_MAX) {
      results.addAll(
          carefully(script, calls.subList(start, Math.min(start + CALLS_MAX, calls.size()))));
    }
    return results;
  }

  /// Clears away entries of ended leases.
  ///
  /// @param batches
  ///          how much of it at most
  void sweep(int batches) throws MetadataUnavailableException, InterruptedException {
    for (var i = 0; i < batches; i++) {
      if (call(Script.SWEEP, Integer.toString(Batches.KEYS_MAX)).equals(0L)) {
        return;
      }
    }
  }

  /// A connection that waited in the pool may be dead. All that a script does may be done again, so
  /// a call that failed fast is made once more, on a new connection.
  private List<Object> carefully(Script script, List<List<String>> calls)
      throws MetadataUnavailableException, InterruptedException {
    var startNanos = System.nanoTime();
    try {
      try {
        return answered(pipelined(script, calls));
      } catch (JedisNoScriptException e) {
        client.scriptLoad(script.source());
        return answered(pipelined(script, calls));
      } catch (JedisConnectionException e) {
        if (closed || System.nanoTime() - startNanos > timeout.toNanos() / 2
            || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        client.getPool().clear();
        return again(script, calls);
      }
    } catch (JedisException | IllegalStateException e) {
      throw unavailable(e);
    }
  }

  private List<Object> again(Script script, List<List<String>> calls) {
    try {
      return answered(pipelined(script, calls));
    } catch (JedisNoScriptException e) {
      client.scriptLoad(script.source());
      return answered(pipelined(script, calls));
    }
  }

  private List<Object> answered(List<Object> results) {
    outage.ended();
    return results;
  }

  private List<Object> pipelined(Script script, List<List<String>> calls) {
    var responses = new ArrayList<Response<Object>>(calls.size());
    try (var pipeline = client.pipelined()) {
      for (var arguments : calls) {
        var all = new ArrayList<String>(arguments.size() + 1);
        all.add(address.prefix());
        all.addAll(arguments);
        responses.add(pipeline.evalsha(script.sha(), List.of(), all));
      }
      pipeline.sync();
    }
    return responses.stream().map(Response::get).toList();
  }

  /// @throws InterruptedException
  ///           if that is why it failed
  MetadataUnavailableException unavailable(RuntimeException e) throws InterruptedException {
    if (Thread.interrupted()) {
      var interrupted = new InterruptedException("interrupted while asking " + address);
      interrupted.initCause(e);
      throw interrupted;
    }
    return closed
        ? new MetadataUnavailableException(
            "this link to the metadata store " + address + " was closed", null)
        : outage.failed(reason(e), e);
  }

  private static String reason(Throwable e) {
    var words = new StringBuilder();
    for (@Nullable
    Throwable cause = e; cause != null; cause = cause.getCause()) {
      var message = cause.getMessage() == null
          ? cause.getClass().getSimpleName()
          : cause.getMessage();
      if (words.indexOf(message) < 0) {
        words.append(words.isEmpty() ? "" : ": ").append(message);
      }
    }
    return words.toString();
  }

  @Override
  public void close() {
    closed = true;
    client.close();
  }
}
