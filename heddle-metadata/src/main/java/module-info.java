/// Who has what, by leases: the store, its server and client, and the worker's link to it.
module dev.heddle.metadata {
  requires static transitive org.jspecify;
  requires transitive dev.heddle.process;
  requires transitive dev.heddle.wire;
  requires org.slf4j;

  exports dev.heddle.metadata;
}
