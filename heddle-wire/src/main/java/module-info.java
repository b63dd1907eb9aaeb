/// What travels between nodes: frames, messages, connections and the proof of the cluster's secret.
module dev.heddle.wire {
  requires static transitive org.jspecify;
  requires dev.heddle.process;
  requires java.management;
  requires jdk.jfr;
  requires org.slf4j;

  exports dev.heddle.wire;
}
