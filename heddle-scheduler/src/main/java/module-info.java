/// A scheduler: which task runs where and when, for clients that want the results.
module dev.heddle.scheduler {
  requires transitive dev.heddle.metadata;
  requires transitive dev.heddle.wire;
  requires dev.heddle.process;
  requires jdk.jfr;
  requires org.slf4j;
  requires static transitive org.jspecify;

  exports dev.heddle.scheduler;
}
