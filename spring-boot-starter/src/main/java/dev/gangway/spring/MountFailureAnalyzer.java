package dev.gangway.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/** Tells what cannot be mounted, where that is configured, and what to do. */
final class MountFailureAnalyzer extends AbstractFailureAnalyzer<MountException> {

  private final Environment environment;

  MountFailureAnalyzer(Environment environment) {
    this.environment = environment;
  }

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, MountException cause) {
    return new FailureAnalysis(
        cause.getMessage() + origin(cause.property()), cause.action(), cause);
  }

  private String origin(String name) {
    ConfigurationProperty property = property(name);
    if (property == null) {
      return "";
    }
    StringBuilder lines = new StringBuilder("%n%n    Property: ".formatted()).append(name);
    lines.append("%n    Value: \"%s\"".formatted(property.getValue()));
    if (property.getOrigin() != null) {
      lines.append("%n    Origin: %s".formatted(property.getOrigin()));
    }
    return lines.toString();
  }

  private @Nullable ConfigurationProperty property(String text) {
    ConfigurationPropertyName name = ConfigurationPropertyName.ofIfValid(text);
    if (name == null || name.isEmpty()) {
      return null;
    }
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      ConfigurationProperty property = source.getConfigurationProperty(name);
      if (property != null) {
        return property;
      }
    }
    return null;
  }
}
