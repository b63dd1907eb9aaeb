/// Futures over a network of workers: what users of Heddle see.
module dev.heddle.client {
  requires transitive dev.heddle.code;
  requires transitive dev.heddle.values;
  requires transitive dev.heddle.wire;
  requires dev.heddle.process;
  requires org.slf4j;
  requires static transitive org.jspecify;

  exports dev.heddle;

  uses dev.heddle.ClusterProvider;
  uses dev.heddle.ReportProvider;

  provides dev.heddle.values.Codec with dev.heddle.FuturesCodec;
}
