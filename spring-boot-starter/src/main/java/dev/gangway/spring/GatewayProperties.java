package dev.gangway.spring;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is mounted. A name that is none of these properties is an error, so that a slip of the pen
 * is found.
 *
 * @param enabled Whether anything is mounted.
 * @param cache Folder for what is unpacked and installed, which nobody else may write to; by
 *     default .cache/gangway in the home folder.
 * @param mounts The mounts by name.
 */
@ConfigurationProperties(prefix = "gangway", ignoreUnknownFields = false)
public record GatewayProperties(
    @DefaultValue("true") boolean enabled,
    @Nullable Path cache,
    @DefaultValue Map<String, MountProperties> mounts) {}
