/// How functions and their classes get from one node to another.
module dev.heddle.code {
  requires transitive dev.heddle.wire;
  requires static transitive org.jspecify;

  exports dev.heddle.code;
}
