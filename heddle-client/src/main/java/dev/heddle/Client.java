package dev.heddle;

import dev.heddle.code.RemoteFunction;
import dev.heddle.code.TaskScope;
import dev.heddle.wire.Address;
import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import java.io.IOException;
import java.lang.ref.Reference;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A program's access to a cluster: submits functions, hands out futures. Made by [Heddle].
///
/// Functions are lambdas, method references or serializable objects; their classes travel with them.
/// What cannot travel is refused here, with the path to it and what to do. A future may be an
/// argument, be captured by a lambda, or be inside either: then the task waits for it, and its value
/// goes from worker to worker, never through here.
///
/// If the connection is lost, it is made again and nothing is lost with it; meanwhile what is submitted
/// waits. For any number of threads.
public final class Client implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final ClientCore core;
  private final ClusterProvider.@Nullable Started own;

  /// Makes the client of a core.
  interface Maker {
    Client of(ClientCore core);
  }

  /// @param own the cluster that lives as long as this client; null for one that others started
  Client(ClientCore core, ClusterProvider.@Nullable Started own) {
    this.core = core;
    this.own = own;
  }

  // --- submitting

  /// Submits a function and returns at once with its future.
  ///
  /// ```java
  /// RemoteFuture<Integer> x = client.submit(() -> 20 + 1);
  /// RemoteFuture<Integer> y = client.submit(a -> a * 2, x);
  /// RemoteFuture<Integer> z = client.submit(() -> x.get() + y.get());
  /// ```
  ///
  /// @throws dev.heddle.values.UnserializableValueException if it captures what cannot travel
  /// @throws IllegalArgumentException if it captures a future that can be no input: of another
  ///     client, or of a task that failed
  /// @throws ClientClosedException if this client was closed
  /// @throws ClusterUnavailableException if the cluster was lost for longer than this client is
  ///     patient
  public <R extends @Nullable Object> RemoteFuture<R> submit(Task<R> function) {
    return submit(function, TaskOptions.NONE);
  }

  /// As above, run as `options` say.
  public <R extends @Nullable Object> RemoteFuture<R> submit(Task<R> function,
      TaskOptions options) {
    return one(function, List.of(), options);
  }

  /// Submits a function that gives nothing; its future gives null when it is done.
  ///
  /// ```java
  /// client.submit(() -> index.refresh()).get();
  /// ```
  ///
  /// @throws dev.heddle.values.UnserializableValueException if it captures what cannot travel
  public RemoteFuture<@Nullable Void> submit(Action action) {
    return submit(action, TaskOptions.NONE);
  }

  /// As above, run as `options` say.
  public RemoteFuture<@Nullable Void> submit(Action action, TaskOptions options) {
    return one(action, List.of(), options);
  }

  /// Submits a function of futures: it is called with their values, which the worker that runs it
  /// gets from those that have them.
  public <A extends @Nullable Object, R extends @Nullable Object> RemoteFuture<R> submit(
      Task1<A, R> function, Input<? extends A> first) {
    return submit(function, first, TaskOptions.NONE);
  }

  /// As above, run as `options` say.
  public <A extends @Nullable Object, R extends @Nullable Object> RemoteFuture<R> submit(
      Task1<A, R> function, Input<? extends A> first,
      TaskOptions options) {
    return one(function, List.of(first), options);
  }

  /// Submits a function of a value, which travels along. A future inside the value is an input, too,
  /// and done when the function sees it.
  ///
  /// @param options none, or one
  public <A extends @Nullable Object, R extends @Nullable Object> RemoteFuture<R> submit(
      Task1<A, R> function, A first,
      TaskOptions... options) {
    return one(function, List.of(Input.of(first)), TaskOptions.single(options));
  }

  /// [#submit(Task1, Input)] with two arguments.
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> RemoteFuture<R> submit(
      Task2<A, B, R> function, Input<? extends A> first, Input<? extends B> second) {
    return submit(function, first, second, TaskOptions.NONE);
  }

  /// As above, run as `options` say.
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> RemoteFuture<R> submit(
      Task2<A, B, R> function, Input<? extends A> first, Input<? extends B> second,
      TaskOptions options) {
    return one(function, List.of(first, second), options);
  }

  /// [#submit(Task1, Object, TaskOptions...)] with two arguments: all values, or all futures. To mix them,
  /// make an input of a value: [Input#of].
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> RemoteFuture<R> submit(
      Task2<A, B, R> function, A first, B second,
      TaskOptions... options) {
    return one(function, List.of(Input.of(first), Input.of(second)), TaskOptions.single(options));
  }

  /// [#submit(Task1, Input)] with three arguments.
  public <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, R extends @Nullable Object> RemoteFuture<R> submit(
      Task3<A, B, C, R> function, Input<? extends A> first, Input<? extends B> second,
      Input<? extends C> third) {
    return submit(function, first, second, third, TaskOptions.NONE);
  }

  /// As above, run as `options` say.
  public <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, R extends @Nullable Object> RemoteFuture<R> submit(
      Task3<A, B, C, R> function, Input<? extends A> first, Input<? extends B> second,
      Input<? extends C> third,
      TaskOptions options) {
    return one(function, List.of(first, second, third), options);
  }

  /// [#submit(Task1, Object, TaskOptions...)] with three arguments: all values, or all futures. To mix them,
  /// make an input of a value: [Input#of].
  public <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, R extends @Nullable Object> RemoteFuture<R> submit(
      Task3<A, B, C, R> function, A first, B second, C third,
      TaskOptions... options) {
    return one(function, List.of(Input.of(first), Input.of(second), Input.of(third)),
        TaskOptions.single(options));
  }

  /// [#submit(Task1, Input)] with four arguments.
  public <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object, R extends @Nullable Object> RemoteFuture<R> submit(
      Task4<A, B, C, D, R> function, Input<? extends A> first, Input<? extends B> second,
      Input<? extends C> third, Input<? extends D> fourth) {
    return submit(function, first, second, third, fourth, TaskOptions.NONE);
  }

  /// As above, run as `options` say.
  public <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object, R extends @Nullable Object> RemoteFuture<R> submit(
      Task4<A, B, C, D, R> function, Input<? extends A> first, Input<? extends B> second,
      Input<? extends C> third, Input<? extends D> fourth,
      TaskOptions options) {
    return one(function, List.of(first, second, third, fourth), options);
  }

  /// [#submit(Task1, Object, TaskOptions...)] with four arguments: all values, or all futures. To mix them,
  /// make an input of a value: [Input#of].
  public <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object, R extends @Nullable Object> RemoteFuture<R> submit(
      Task4<A, B, C, D, R> function, A first, B second, C third, D fourth,
      TaskOptions... options) {
    return one(function,
        List.of(Input.of(first), Input.of(second), Input.of(third), Input.of(fourth)),
        TaskOptions.single(options));
  }

  /// Submits a function of any number of futures: it is called with the list of their values.
  public <A extends @Nullable Object, R extends @Nullable Object> RemoteFuture<R> submit(
      TaskN<A, R> function, Collection<? extends Input<? extends A>> arguments) {
    return submit(function, arguments, TaskOptions.NONE);
  }

  /// As above, run as `options` say.
  public <A extends @Nullable Object, R extends @Nullable Object> RemoteFuture<R> submit(
      TaskN<A, R> function, Collection<? extends Input<? extends A>> arguments,
      TaskOptions options) {
    return one(function, List.copyOf(arguments), options);
  }

  /// Has a function run, whatever becomes of this program; nobody is told how it ends.
  public void fireAndForget(Task<?> function) {
    submit(function, TaskOptions.NONE.detached()).close();
  }

  /// As above.
  public void fireAndForget(Action action) {
    submit(action, TaskOptions.NONE.detached()).close();
  }

  // The function gives what its type says.
  @SuppressWarnings("unchecked")
  private <R extends @Nullable Object> RemoteFuture<R> one(RemoteFunction function,
      List<? extends Input<?>> inputs, TaskOptions options) {
    return (RemoteFuture<R>) core.submitter().submit(function, inputs, options);
  }

  // --- many at once

  /// Submits the function once for each future: it is called with the future's value.
  public <A extends @Nullable Object, R extends @Nullable Object> List<RemoteFuture<R>> map(
      Collection<? extends Input<? extends A>> futures, Task1<A, R> function) {
    return map(futures, function, TaskOptions.NONE);
  }

  /// As above, run as `options` say.
  public <A extends @Nullable Object, R extends @Nullable Object> List<RemoteFuture<R>> map(
      Collection<? extends Input<? extends A>> futures, Task1<A, R> function,
      TaskOptions options) {
    return many(futures.iterator(), futures.size(), function, options);
  }

  /// Submits the function once for each value. The function travels once, the values in chunks; the
  /// first task runs before the last has been submitted.
  ///
  /// @param options none, or one
  /// @return the futures, in the order of the values
  /// @throws IllegalArgumentException if one of them cannot travel; then none of the tasks stays
  public <A extends @Nullable Object, R extends @Nullable Object> List<RemoteFuture<R>> map(
      Iterable<? extends A> values, Task1<A, R> function, TaskOptions... options) {
    return many(values.iterator(), values instanceof Collection<?> all ? all.size() : -1, function,
        TaskOptions.single(options));
  }

  /// As [#map(Iterable, Task1, TaskOptions...)]; takes from the stream as fast as the cluster takes
  /// in, and never more than a chunk ahead.
  public <A extends @Nullable Object, R extends @Nullable Object> List<RemoteFuture<R>> map(
      Stream<? extends A> values, Task1<A, R> function, TaskOptions... options) {
    return many(values.iterator(), -1, function, TaskOptions.single(options));
  }

  // As in `one`.
  @SuppressWarnings("unchecked")
  private <R extends @Nullable Object> List<RemoteFuture<R>> many(
      Iterator<? extends @Nullable Object> elements, int size, RemoteFunction function,
      TaskOptions options) {
    return (List<RemoteFuture<R>>) (List<?>) core.submitter().map(elements, size, function,
        options);
  }

  /// Combines all values into one, in a tree: `client.reduce(counts, Long::sum)`. Neighbours are
  /// combined with neighbours, so the function has to be associative but not commutative.
  ///
  /// @param futures at least one; if it is the only one, it is the result
  /// @param options none, or one, for each of the tasks
  public <T extends @Nullable Object> RemoteFuture<T> reduce(
      Collection<? extends RemoteFuture<T>> futures, Task2<T, T, T> function,
      TaskOptions... options) {
    return Fold.tree(List.copyOf(futures), function,
        (fold, some) -> this.<T>one(fold, some, TaskOptions.single(options)));
  }

  /// Gets all values, in order; those of one worker come with one request.
  ///
  /// @throws ExecutionException if a task failed: the first in order
  public <T extends @Nullable Object> List<T> gather(
      Collection<? extends RemoteFuture<? extends T>> futures)
      throws InterruptedException, ExecutionException {
    return new Gathering(core).gather(futures);
  }

  /// The futures one after another, as they are done: `for (var future : client.asCompleted(all))`.
  public <T extends @Nullable Object> Completions<T> asCompleted(
      Collection<? extends RemoteFuture<T>> futures) {
    return new Completions<>(futures);
  }

  /// Waits until all of these are done, however they end, and shows meanwhile on `System.err` how far they are: a bar in
  /// a terminal, a line every 5 s elsewhere. A task that fails is counted; nothing is thrown for it.
  ///
  /// ```java
  /// var outcome = client.progress(counts);   // tasks  ████████░░░░   66 %  660/1000  about 4 s left
  /// ```
  ///
  /// Any futures will do, also of several clients.
  public ProgressSummary progress(Collection<? extends RemoteFuture<?>> futures)
      throws InterruptedException {
    return progress("tasks", futures);
  }

  /// As above.
  ///
  /// @param title what stands before the bar
  public ProgressSummary progress(String title, Collection<? extends RemoteFuture<?>> futures)
      throws InterruptedException {
    return new Watching(title, futures).show(System.err, Terminal.of(Terminal.Stream.ERR));
  }

  /// Cancels tasks: those that wait are forgotten, those that run are interrupted.
  public void cancel(Collection<? extends RemoteFuture<?>> futures) {
    futures.forEach(future -> future.cancel(true));
  }

  /// Lets go of values, as if the program could no longer reach the futures.
  public void release(Collection<? extends RemoteFuture<?>> futures) {
    var entries = new ArrayList<Entry>();
    for (var future : futures) {
      if (future instanceof Handle<?> handle && handle.core() == core && handle.isDone()) {
        entries.add(handle.entry());
      } else {
        future.close();
      }
    }
    core.ledger().drop(entries);
  }

  // --- values

  /// Puts a value on a worker now, so that tasks can have it without its travelling with each.
  ///
  /// No function made it, so it cannot be made again: if its worker dies, it is lost.
  ///
  /// @throws ClusterUnavailableException if no worker took it
  public <T extends @Nullable Object> RemoteFuture<T> scatter(T value)
      throws InterruptedException {
    return new Scattering(core).one(value);
  }

  /// As [#scatter(Object)].
  ///
  /// @param broadcast whether to put it on every worker that there is: it goes to one of them, and from
  ///     there on to the others, from each that has it
  public <T extends @Nullable Object> RemoteFuture<T> scatter(T value, boolean broadcast)
      throws InterruptedException {
    var future = scatter(value);
    if (broadcast) {
      Scattering.everywhere(this, future);
    }
    return future;
  }

  /// Puts values on the workers, about as many on each.
  public <T extends @Nullable Object> List<RemoteFuture<T>> scatterAll(
      Collection<? extends T> values) throws InterruptedException {
    return new Scattering(core).all(values);
  }

  /// Keeps the value of a future under a name, for other programs, until [#unpublish].
  ///
  /// @throws IllegalArgumentException if the name is another future's, or this future is not one of
  ///     this client's, or was closed
  public void publish(String name, RemoteFuture<?> future) throws InterruptedException {
    if (!(future instanceof Handle<?> handle) || handle.core() != core) {
      throw new IllegalArgumentException(
          "the future '" + future.key() + "' is not one of this client's; publish it there");
    }
    try {
      core.session().ask(new Message.Publish(name, handle.entry().number), TIMEOUT);
    } finally {
      Reference.reachabilityFence(handle);
    }
  }

  /// A future that some program published.
  ///
  /// @throws java.util.NoSuchElementException if there is none of that name
  public <T extends @Nullable Object> RemoteFuture<T> published(String name)
      throws InterruptedException {
    return new Publications(core).adopt(name);
  }

  /// The names under which futures are published.
  public List<String> published() throws InterruptedException {
    return core.session().ask(new Message.AskPublished(),
        TIMEOUT) instanceof Message.Names(var names) ? names : List.of();
  }

  /// Ends what [#publish] began; the future itself stays.
  public void unpublish(String name) throws InterruptedException {
    core.session().ask(new Message.Unpublish(name), TIMEOUT);
  }

  // --- the cluster

  /// Runs a function on every worker that there is, besides what they do, and waits for all.
  ///
  /// @return what it gave on each, by the workers' names
  public <R extends @Nullable Object> Map<String, R> run(Task<R> function)
      throws InterruptedException, ExecutionException {
    var futures = new LinkedHashMap<String, RemoteFuture<R>>();
    for (var worker : core.session().awaitWorkers(TIMEOUT)) {
      futures.put(worker.id().name(), submit(function, TaskOptions.NONE
          .workers(worker.id().name()).priority(Integer.MAX_VALUE).blocking()));
    }
    var results = new LinkedHashMap<String, R>();
    for (var future : futures.entrySet()) {
      results.put(future.getKey(), future.getValue().get());
    }
    return results;
  }

  /// A view of the cluster as an [ExecutorService], for code that knows of nothing else. Its tasks
  /// have to be serializable.
  ///
  /// `shutdownNow` gives those whose functions no worker has called, and none will. What a worker might have
  /// called is never among them, so a task is missing there if its worker was lost at that moment. Those
  /// given to `execute` are given back as the same objects. An executor is terminated when all its futures
  /// are done; a function that does not heed its interrupt may go on for longer.
  public ExecutorService executor() {
    return new RemoteExecutor(core);
  }

  /// Why a task is not done, or how it ended, in words.
  public String explain(RemoteFuture<?> future) throws InterruptedException {
    return text(new Message.Explain(future.key()));
  }

  /// Through which states a task went, and why: a line a transition.
  public String story(RemoteFuture<?> future) throws InterruptedException {
    return text(new Message.AskStory(future.key()));
  }

  /// What a task printed to `System.out` and `System.err`, and so to the console log: a line each, with the
  /// time, the worker, and `out` or `err`. Empty for nothing.
  ///
  /// It is what the function's own thread printed on workers that live: the last 64 KiB of each task, at
  /// most 4 MiB a worker; a line says how much had to go. Workers in one JVM with their client keep
  /// nothing, unless that JVM calls `StandardStreams.keep()`.
  public String logs(RemoteFuture<?> future) throws InterruptedException {
    return new PrintedLines(core).of(future.key());
  }

  private String text(Message.Request question) throws InterruptedException {
    return core.session().ask(question, TIMEOUT) instanceof Message.Text(var text, _)
        ? text
        : "the scheduler has no word for it";
  }

  /// Calls the function of a task that is done once more, in this thread, with the inputs that it had: they are
  /// fetched, and those whose values were released are computed again. A breakpoint in the function
  /// stops. What the function changes beside its result, it changes here.
  ///
  /// If the task has no value because one that it needs failed, that one is replayed. Inside the function,
  /// [Heddle#current] is this client.
  ///
  /// @return what the function gives
  /// @throws ExecutionException if the function throws: what it threw is the cause; or if an input has no
  ///     value
  /// @throws IllegalArgumentException if there is nothing to replay: the task is not done, was cancelled, or
  ///     is a value that a client put on workers
  /// @throws IllegalStateException if the task that had failed does not this time, and another was asked for
  // The type is the future's.
  @SuppressWarnings({"unchecked", "NullAway"})
  public <T extends @Nullable Object> T replay(RemoteFuture<T> future)
      throws InterruptedException, ExecutionException {
    try {
      return (T) new Replay(core).run(future.key());
    } finally {
      Reference.reachabilityFence(future);
    }
  }

  /// As [#replay(RemoteFuture)], of a task for which somebody holds a future.
  public @Nullable Object replay(Key key) throws InterruptedException, ExecutionException {
    return new Replay(core).run(key);
  }

  /// Where in this program those of `keys` were submitted, or put on workers, for which it holds a future:
  /// `Census.java:88 in Census.main`. For tests and reports: it looks at every future.
  public Map<Key, String> submittedAt(Collection<Key> keys) {
    return core.ledger().placesOf(keys);
  }

  /// The names of the workers that have a future's value.
  public List<String> whoHas(RemoteFuture<?> future) throws InterruptedException {
    var key = future.key();
    if (core.session().ask(new Message.WhoHas(List.of(key)),
        TIMEOUT) instanceof Message.Holders(var holders)) {
      return holders.getOrDefault(key, List.of()).stream()
          .map(holder -> holder.worker().name()).toList();
    }
    return List.of();
  }

  /// How the cluster is.
  public ClusterInfo info() throws InterruptedException {
    if (!(core.session().ask(new Message.AskStatus(), TIMEOUT) instanceof Message.Status status)) {
      throw new ClusterUnavailableException("the scheduler does not say how the cluster is");
    }
    return new ClusterInfo(status.scheduler(), core.address().toString(),
        Instant.ofEpochMilli(status.startedEpochMillis()),
        status.workers().stream().map(ClusterInfo.Worker::of).toList(), status.tasks(),
        status.clients());
  }

  /// Writes what the cluster did into one HTML file, which any browser opens and which needs nothing else: who ran what
  /// when, times by name, transfers, values, failures, versions and settings. It is about all that the workers remember,
  /// also of other programs; call it before the futures and the client are closed, so that the values are there.
  ///
  /// There are keys, names, hosts, sizes, messages and stacks of failures in it, but no value and nothing secret.
  ///
  /// @param file must not be there yet; its directory must
  /// @throws IOException if it cannot be written, or the scheduler does not answer; there is no file then
  /// @throws IllegalStateException if `heddle-dashboard` is not on the class path
  public void report(Path file) throws IOException, InterruptedException {
    report(ServiceLoader.load(ReportProvider.class), file);
  }

  void report(Iterable<ReportProvider> providers, Path file)
      throws IOException, InterruptedException {
    core.ledger().checkOpen();
    var all = providers.iterator();
    if (!all.hasNext()) {
      throw new IllegalStateException(ErrorCode.PART_MISSING.of("client.report(…) needs what"
          + " writes the file, and that is not on the class path; add the dependency"
          + " dev.heddle:heddle-dashboard, or call 'heddle report " + file + " --address "
          + core.address() + "'"));
    }
    all.next().write(core.address(), core.session().secret(), file);
  }

  /// The workers, and how they are.
  public List<ClusterInfo.Worker> workers() throws InterruptedException {
    return info().workers();
  }

  /// What a browser opens to see the page about this cluster, where the scheduler serves one, or the cluster is in this
  /// JVM and `heddle-dashboard` is on the class path. A page on loopback is for browsers on the scheduler's host. Where
  /// the page asks for the token, it is in the address, which is to be kept as the secret is then.
  public Optional<URI> dashboard() throws InterruptedException {
    if (own != null) {
      own.awaitPage();
    }
    if (!(core.session().ask(new Message.AskInfo(), TIMEOUT) instanceof Message.NodeInfo info)) {
      throw new ClusterUnavailableException("the scheduler does not say who it is");
    }
    return Optional.ofNullable(info.facts().get(Message.NodeInfo.PAGE)).map(URI::create)
        .map(page -> page.getHost().matches("0\\.0\\.0\\.0|\\[[0:]*\\]")
            ? URI.create("http://" + core.address().host() + ":" + page.getPort() + "/")
            : page)
        .map(page -> "needed".equals(info.facts().get(Message.NodeInfo.PAGE_TOKEN))
            ? page.resolve("?token=" + core.session().secret().webToken())
            : page);
  }

  /// Where the scheduler is.
  public Address address() {
    return core.address();
  }

  /// Lets go of everything. Futures that are not done end with a [ClientClosedException]; tasks
  /// that nobody else wants are stopped, and their values released. No thread and no socket is
  /// left. Inside a task, where the client is that of all tasks, nothing happens.
  @Override
  public void close() {
    if (TaskScope.current().isEmpty()) {
      core.close();
      if (own != null) {
        own.close();
      }
    }
  }

  @Override
  public String toString() {
    return core.toString();
  }
}
