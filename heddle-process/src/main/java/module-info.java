/// Named sequential processes, the channels between them, and the scopes that supervise them.
module dev.heddle.process {
  requires static transitive org.jspecify;
  requires org.slf4j;

  exports dev.heddle.process;
}
