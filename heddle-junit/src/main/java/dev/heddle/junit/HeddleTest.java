package dev.heddle.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/// A test with a cluster of its own, on a method; on a class, all its tests are such.
///
/// ```java
/// @HeddleTest
/// void wordsAreCounted(Client client) throws Exception {
///   assertThat(WordCount.of(client, files)).containsEntry("the", 15L);
/// }
/// ```
///
/// - A parameter of a test, or of a `@BeforeEach` or `@AfterEach` method, of the type [dev.heddle.Client] or
///   [dev.heddle.cluster.LocalCluster] is given to it: the same cluster for one test, a fresh one for each.
/// - A function that changes one of its inputs fails.
/// - A test that has passed fails after all if it leaves something behind: see [Leak]. The message names each leak, where
///   it was made, and what to do.
///
/// On a method it stands for `@Test`, and `@Test` must not be there too. In a class that has it, `@Test` and all
/// other kinds of tests work as ever. What a method says counts for all, not beside what its class says.
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
@TestTemplate
@ExtendWith(HeddleExtension.class)
public @interface HeddleTest {
  /// How many workers there are, at least 1.
  int workers() default 2;

  /// How many functions each worker runs at once.
  int threads() default 1;

  /// With more than 0, so many workers are processes of their own, and [#workers] does not count: what only shows
  /// between JVMs, at the price of a second or two for each test.
  int processes() default 0;

  /// Whether a function that changes one of its inputs fails. It costs two encodings of each input.
  boolean checks() default true;

  /// What is looked for after each test.
  Leak[] leaks() default {Leak.THREADS, Leak.CONNECTIONS, Leak.KEYS};

  /// Regular expressions: threads with such names may live on.
  String[] threadsThatMayStay() default {};
}
