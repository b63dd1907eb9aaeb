/// Functions that run on other nodes, and the classes that travel with them.
module dev.heddle.code {
  requires static transitive org.jspecify;
  requires transitive dev.heddle.wire;

  exports dev.heddle.code;

  uses dev.heddle.code.TaskTracing;
}
