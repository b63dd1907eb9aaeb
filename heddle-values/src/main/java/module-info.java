/// Values as they travel: any object to a header and buffers, and back; exceptions as data.
module dev.heddle.values {
  requires static transitive org.jspecify;
  requires transitive dev.heddle.wire;

  exports dev.heddle.values;

  uses dev.heddle.values.Codec;
}
