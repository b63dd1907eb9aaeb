/// A Spring Boot application's client of a cluster: `heddle.address` gives a bean.
/// ```
///   heddle.address ──► HeddleAutoConfiguration ──► Client (a bean, closed with the context)
///                                                    ▲
///                       HeddleHealthIndicator ───────┤ ClusterLooker: asks how the cluster is,
///                       HeddleMetrics ───────────────┘ within a time, and not too often
/// ```
@NullMarked
package dev.heddle.spring;

import org.jspecify.annotations.NullMarked;
