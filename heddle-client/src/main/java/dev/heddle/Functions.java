package dev.heddle;

import dev.heddle.code.RemoteFunction;
import dev.heddle.values.Values;
import dev.heddle.wire.ContentHash;
import dev.heddle.wire.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes bytes of functions, once for those that are the same, and warns of those that carry much.
final class Functions {
  private static final Logger LOG = LoggerFactory.getLogger(Functions.class);
  /// A function of so many bytes is told to the scheduler once, however often it is submitted.
  private static final long SHARED_BYTES_MIN = 64 << 10;
  private static final long WARNED_BYTES_MIN = 1 << 20;
  private static final int WARNED_MAX = 1_000;

  private final ClientCore core;
  private final Set<CallSite> warned = ConcurrentHashMap.newKeySet();

  Functions(ClientCore core) {
    this.core = core;
  }

  /// @param many whether more than one task will call it
  /// @throws dev.heddle.values.UnserializableValueException if it captures what cannot be sent
  EncodedFunction encode(RemoteFunction function, Encoding encoding, CallSite site, boolean many) {
    var info = FunctionInfo.of(function);
    if (info.stateless()) {
      var known = cached(function.getClass());
      if (known != null) {
        return known;
      }
    }
    var payload = encoding.run(() -> core.code().values().encode(function));
    var size = payload.sizeBytes();
    warning(function, size, site).ifPresent(LOG::warn);
    if (info.stateless()) {
      return defined(function.getClass(), payload);
    }
    if (size >= SHARED_BYTES_MIN) {
      var hash = identity(payload);
      var known = cached(hash);
      return known != null ? known : defined(hash, payload);
    }
    return many ? passing(payload) : new EncodedFunction(payload, 0);
  }

  /// What to say of a function that takes much along, once for each place that submits it.
  Optional<String> warning(RemoteFunction function, long sizeBytes, CallSite site) {
    if (sizeBytes <= WARNED_BYTES_MIN || warned.size() >= WARNED_MAX || !warned.add(site)) {
      return Optional.empty();
    }
    return Optional.of("the function of '" + FunctionInfo.of(function).name() + "', submitted at "
        + site + ", takes " + (sizeBytes >> 20) + " MiB along: " + Values.heaviestPart(function)
        + ". Hand large values over once, client.scatter(value), and capture that future");
  }

  private static ContentHash identity(Payload payload) {
    var of = new Fingerprint().add(payload);
    payload.codeBases().forEach(codeBase -> of.add(ContentHash.of(codeBase.toString().getBytes(
        StandardCharsets.UTF_8))));
    return of.hash();
  }

  private @Nullable EncodedFunction cached(Object by) {
    return core.ledger().withTelling((telling, _) -> telling.cached(by));
  }

  private EncodedFunction defined(Object by, Payload payload) {
    return core.ledger().withTelling((telling, to) -> {
      var function = new EncodedFunction(payload, telling.nextFunction());
      telling.cache(by, function, to);
      return function;
    });
  }

  private EncodedFunction passing(Payload payload) {
    return core.ledger().withTelling(
        (telling, _) -> new EncodedFunction(payload, telling.nextFunction()));
  }

  /// Nothing more will be submitted with it.
  void done(EncodedFunction function) {
    core.ledger().withTelling((telling, to) -> {
      telling.undefine(function, to);
      return function;
    });
  }
}
