/// What a node tells monitoring: its figures, and whether it is well.
module dev.heddle.metrics {
  requires static transitive org.jspecify;
  requires transitive dev.heddle.scheduler;
  requires transitive dev.heddle.web;
  requires transitive dev.heddle.worker;
  requires dev.heddle.process;
  requires dev.heddle.wire;
  requires io.prometheus.metrics.config;
  requires io.prometheus.metrics.model;
  requires io.prometheus.writer.text;
  requires java.management;
  requires jdk.management;

  exports dev.heddle.metrics;
}
