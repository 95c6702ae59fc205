package dev.gangway.spring;

import dev.gangway.GatewayApplication;
import dev.gangway.GatewayMiddleware;
import dev.gangway.python.PythonApplication;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.StringUtils;

/** Finds what is to be mounted. */
final class GatewayMountsFactory {

  private static final String PREFIX = "gangway.mounts.";

  private final ListableBeanFactory beans;
  private final List<PythonMountCustomizer> customizers;
  private final Map<String, String> placeOfPath = new HashMap<>();
  private final List<GatewayRegistrationBean> all = new ArrayList<>();
  private final List<GatewayRegistrationBean> own = new ArrayList<>();

  GatewayMountsFactory(ListableBeanFactory beans, List<PythonMountCustomizer> customizers) {
    this.beans = beans;
    this.customizers = customizers;
  }

  GatewayMounts create(
      GatewayProperties properties,
      List<GatewayRegistrationBean> registrations,
      List<GatewayMiddleware> middleware) {
    registrations.forEach(
        registration -> add(registration, "the bean " + registration.getServletName()));
    for (String name : beans.getBeanNamesForType(GatewayApplication.class, true, false)) {
      GatewayMount mount = beans.findAnnotationOnBean(name, GatewayMount.class);
      if (mount != null) {
        addOwn(
            name,
            beans.getBean(name, GatewayApplication.class),
            mount.value(),
            "@GatewayMount of the bean " + name);
      }
    }
    properties
        .mounts()
        .forEach(
            (name, mount) -> {
              if (mount.enabled()) {
                String key = PREFIX + name;
                String path = required(key + ".path", mount.path());
                try {
                  addOwn(name, application(name, mount), path, key);
                } catch (IllegalArgumentException e) {
                  throw invalid(key + ".path", path, e.getMessage());
                }
              }
            });
    all.forEach(registration -> registration.setMiddleware(middleware));
    return new GatewayMounts(List.copyOf(all), List.copyOf(own));
  }

  private void addOwn(String name, GatewayApplication application, String path, String place) {
    GatewayRegistrationBean registration = new GatewayRegistrationBean(application, path);
    registration.setName(name);
    add(registration, place);
    own.add(registration);
  }

  private void add(GatewayRegistrationBean registration, String place) {
    String other = placeOfPath.putIfAbsent(registration.getPath(), place);
    if (other != null) {
      throw new IllegalArgumentException(
          "The path " + registration.getPath() + "/ is mounted by " + other + " already");
    }
    all.add(registration);
  }

  private GatewayApplication application(String name, MountProperties mount) {
    String key = PREFIX + name;
    String bean = mount.bean();
    if (bean != null) {
      if (mount.application() != null) {
        throw invalid(key + ".bean", bean, "A mount has either an application or a bean.");
      }
      try {
        return beans.getBean(bean, GatewayApplication.class);
      } catch (NoSuchBeanDefinitionException e) {
        throw invalid(key + ".bean", bean, "There is no GatewayApplication bean of that name.");
      }
    }
    String application = required(key + ".application", mount.application());
    return new PythonMount(name, mount, () -> settings(name, application, mount));
  }

  private PythonApplication.Builder settings(
      String name, String application, MountProperties mount) {
    PythonApplication.Builder settings = PythonSettings.of(application, mount);
    customizers.forEach(customizer -> customizer.customize(name, settings));
    return settings;
  }

  private static String required(String key, @Nullable String value) {
    if (!StringUtils.hasText(value)) {
      throw invalid(key, value, "It is missing.");
    }
    return value;
  }

  private static InvalidConfigurationPropertyValueException invalid(
      String key, @Nullable Object value, @Nullable String reason) {
    return new InvalidConfigurationPropertyValueException(
        key, value == null ? "" : value, reason == null ? "" : reason);
  }
}
