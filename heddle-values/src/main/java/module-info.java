/// How values become bytes and values again.
module dev.heddle.values {
  requires transitive dev.heddle.wire;
  requires static transitive org.jspecify;

  exports dev.heddle.values;

  uses dev.heddle.values.Codec;
}
