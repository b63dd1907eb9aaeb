package dev.heddle.spring;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What can be configured as `heddle.…`.
///
/// @param address the scheduler: `heddle://host:port`, or `local` for a cluster inside the application
/// @param secretFile where the cluster's secret is, if not where clients look for it
/// @param name how the cluster lists this client
/// @param patience for how long a lost connection is tried again before unfinished futures fail
@ConfigurationProperties("heddle")
public record HeddleProperties(@Nullable String address, @Nullable Path secretFile,
    @Nullable String name, @DefaultValue("60s") Duration patience) {}
