/// Pages and figures over HTTP, behind the cluster's door.
module dev.heddle.web {
  requires static transitive org.jspecify;
  requires dev.heddle.process;
  requires transitive dev.heddle.wire;
  requires jdk.httpserver;
  requires org.slf4j;

  exports dev.heddle.web;
}
