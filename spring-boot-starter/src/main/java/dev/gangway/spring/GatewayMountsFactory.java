package dev.gangway.spring;

import dev.gangway.GatewayApplication;
import dev.gangway.GatewayMiddleware;
import dev.gangway.python.PythonApplication;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.ResolvableType;
import org.springframework.util.StringUtils;

/** Finds what is to be mounted. */
final class GatewayMountsFactory {

  private static final ResolvableType SERVLETS =
      ResolvableType.forType(new ParameterizedTypeReference<ServletRegistrationBean<?>>() {});

  private final ListableBeanFactory beans;
  private final Map<String, String> mounted = new HashMap<>();
  private final Set<String> names = new HashSet<>();
  private final List<GatewayRegistrationBean> all = new ArrayList<>();
  private final List<GatewayRegistrationBean> own = new ArrayList<>();
  private final List<ServletRegistrationBean<?>> staticFiles = new ArrayList<>();

  GatewayMountsFactory(ListableBeanFactory beans) {
    this.beans = beans;
  }

  GatewayMounts create(GatewayProperties properties) {
    beans
        .getBeanProvider(GatewayRegistrationBean.class)
        .orderedStream()
        .filter(GatewayRegistrationBean::isEnabled)
        .forEach(bean -> add(bean, "", "the bean \"" + bean.getServletName() + "\""));
    addAnnotated();
    FileCache cache = FileCache.at(properties.cache());
    properties.mounts().forEach((name, mount) -> addConfigured(name, mount, cache));
    List<GatewayMiddleware> middleware =
        beans.getBeanProvider(GatewayMiddleware.class).orderedStream().toList();
    List<MountEnvironCustomizer> customizers =
        beans.getBeanProvider(MountEnvironCustomizer.class).orderedStream().toList();
    all.forEach(
        mount -> {
          mount.setMiddleware(middleware);
          mount.setEnvironCustomizers(customizers);
        });
    ObjectProvider<ServletRegistrationBean<?>> servlets = beans.getBeanProvider(SERVLETS);
    List<ServletRegistrationBean<?>> unregistered = new ArrayList<>(own);
    unregistered.addAll(staticFiles);
    return new GatewayMounts(List.copyOf(all), unregistered, servlets);
  }

  private void addAnnotated() {
    for (String name : beans.getBeanNamesForAnnotation(GatewayMount.class)) {
      GatewayMount mount = beans.findAnnotationOnBean(name, GatewayMount.class);
      if (mount != null) {
        addOwn(
            name, annotated(name), mount.value(), "", "@GatewayMount of the bean \"" + name + "\"");
      }
    }
  }

  private GatewayApplication annotated(String name) {
    try {
      return beans.getBean(name, GatewayApplication.class);
    } catch (BeanNotOfRequiredTypeException e) {
      throw new MountException(
          "",
          "The bean \"" + name + "\" has @GatewayMount, but is no GatewayApplication.",
          "Remove the annotation, or make it a " + GatewayApplication.class.getName() + ".",
          e);
    }
  }

  private void addConfigured(String name, MountProperties mount, FileCache cache) {
    if (mount.enabled()) {
      String prefix = "gangway.mounts." + name + ".";
      String path =
          required(
              prefix + "path",
              mount.path(),
              "Set it to a path below the context path, such as /" + name + ".");
      MountFiles files = new MountFiles(name, mount, cache);
      GatewayApplication application =
          mount.bean() == null ? python(name, mount, files) : bean(name, mount.bean(), mount);
      GatewayRegistrationBean registration =
          addOwn(name, application, path, prefix + "path", prefix + "path");
      staticFiles.addAll(StaticMaps.of(name, registration.getPath(), mount, files.chdir()));
    }
  }

  private GatewayRegistrationBean addOwn(
      String name, GatewayApplication application, String path, String property, String place) {
    GatewayRegistrationBean registration;
    try {
      registration = new GatewayRegistrationBean(application, path);
    } catch (IllegalArgumentException e) {
      throw new MountException(
          property,
          "The mount \"" + name + "\" has a malformed path: \"" + path + "\".",
          "Begin it with a slash, and use neither wildcards nor escapes nor empty segments: /shop.",
          e);
    }
    registration.setName(name);
    add(registration, property, place);
    own.add(registration);
    return registration;
  }

  private void add(GatewayRegistrationBean registration, String property, String place) {
    String other = mounted.putIfAbsent(registration.getPath(), place);
    if (other != null) {
      throw new MountException(
          property,
          "The path \""
              + registration.getPath()
              + "/\" is mounted twice: by "
              + other
              + " and by "
              + place
              + ".",
          "Give one of them another path.",
          null);
    }
    if (!names.add(registration.getServletName())) {
      throw new MountException(
          property,
          "Two mounts have the name \"" + registration.getServletName() + "\".",
          "Give " + place + " or the other another name.",
          null);
    }
    all.add(registration);
  }

  private GatewayApplication bean(String name, String bean, MountProperties mount) {
    String property = "gangway.mounts." + name + ".bean";
    if (mount.application() != null) {
      throw new MountException(
          property,
          "The mount \"" + name + "\" has a bean and a Python application.",
          "Remove one of the properties bean and application.",
          null);
    }
    try {
      return beans.getBean(bean, GatewayApplication.class);
    } catch (NoSuchBeanDefinitionException | BeanNotOfRequiredTypeException e) {
      throw new MountException(
          property,
          "The mount \"" + name + "\" names no bean of type GatewayApplication: \"" + bean + "\".",
          "Name one of " + List.of(beans.getBeanNamesForType(GatewayApplication.class)) + ".",
          e);
    }
  }

  private PythonMount python(String name, MountProperties mount, MountFiles files) {
    String application =
        required(
            "gangway.mounts." + name + ".application",
            mount.application(),
            "Set it to a Python application, such as mysite.wsgi:application, or set bean to the"
                + " name of a GatewayApplication bean.");
    List<PythonMountCustomizer> customizers =
        beans.getBeanProvider(PythonMountCustomizer.class).orderedStream().toList();
    return new PythonMount(
        name,
        mount,
        files.chdir(),
        scriptName -> {
          PythonApplication.Builder settings = MountSettings.of(application, mount, scriptName);
          settings.chdir(files.chdir());
          Path environment = files.environment();
          if (environment != null) {
            settings.python(environment.toString());
          }
          customizers.forEach(customizer -> customizer.customize(name, settings));
          return settings;
        });
  }

  private static String required(String property, @Nullable String value, String action) {
    if (!StringUtils.hasText(value)) {
      throw new MountException(property, "The property " + property + " is missing.", action, null);
    }
    return value;
  }
}
