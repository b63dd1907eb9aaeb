/// A worker, and how to talk to one.
module dev.heddle.worker {
  requires transitive dev.heddle.code;
  requires transitive dev.heddle.metadata;
  requires transitive dev.heddle.wire;
  requires dev.heddle.process;
  requires dev.heddle.values;
  requires jdk.jfr;
  requires org.slf4j;
  requires static transitive org.jspecify;

  exports dev.heddle.worker;
}
