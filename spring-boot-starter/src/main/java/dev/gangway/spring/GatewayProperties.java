package dev.gangway.spring;

import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is mounted. A name that is none of these properties is an error, so that a slip of the pen
 * is found.
 *
 * @param enabled Whether anything is mounted.
 * @param mounts The mounts by name.
 */
@ConfigurationProperties(prefix = "gangway", ignoreUnknownFields = false)
public record GatewayProperties(
    @DefaultValue("true") boolean enabled, @DefaultValue Map<String, MountProperties> mounts) {}
