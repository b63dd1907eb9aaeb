/// Who has what, kept in Redis.
module dev.heddle.metadata.redis {
  requires static transitive org.jspecify;
  requires transitive dev.heddle.metadata;
  requires org.slf4j;
  requires redis.clients.jedis;

  exports dev.heddle.metadata.redis;
}
