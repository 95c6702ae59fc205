package dev.gangway.jetty;

import org.eclipse.jetty.server.handler.ContextHandler;
import org.jspecify.annotations.Nullable;

/** Jetty's implementations of the Servlet API. */
public enum JettyEnvironment {
  /** Servlet 6.1: {@code org.eclipse.jetty.ee11:jetty-ee11-servlet}. */
  EE11,
  /** Servlet 6.0: {@code org.eclipse.jetty.ee10:jetty-ee10-servlet}. */
  EE10;

  boolean isPresent() {
    return isPresent(
        this == EE11
            ? "org.eclipse.jetty.ee11.servlet.ServletContextHandler"
            : "org.eclipse.jetty.ee10.servlet.ServletContextHandler");
  }

  private static boolean isPresent(String type) {
    try {
      Class.forName(type, false, JettyEnvironment.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Whether Jetty's WebSockets for this environment are on the class path. */
  boolean hasWebSockets() {
    return isPresent(
        this == EE11
            ? "org.eclipse.jetty.ee11.websocket.jakarta.server.JakartaWebSocketServerContainer"
            : "org.eclipse.jetty.ee10.websocket.jakarta.server.JakartaWebSocketServerContainer");
  }

  static JettyEnvironment newest() {
    for (JettyEnvironment environment : values()) {
      if (environment.isPresent()) {
        return environment;
      }
    }
    throw new IllegalStateException(
        "Jetty has no servlets here. Add org.eclipse.jetty.ee11:jetty-ee11-servlet or"
            + " org.eclipse.jetty.ee10:jetty-ee10-servlet.");
  }

  GatewayContext newContext() {
    if (!isPresent()) {
      throw new IllegalStateException(
          this == EE11
              ? "EE11 needs org.eclipse.jetty.ee11:jetty-ee11-servlet on the class path."
              : "EE10 needs org.eclipse.jetty.ee10:jetty-ee10-servlet on the class path.");
    }
    return withWebSockets(this == EE11 ? new Ee11Context() : new Ee10Context());
  }

  private GatewayContext withWebSockets(GatewayContext context) {
    if (hasWebSockets()) {
      context.enableWebSockets();
    }
    return context;
  }

  private @Nullable GatewayContext wrap(ContextHandler context) {
    return this == EE11 ? Ee11Context.wrap(context) : Ee10Context.wrap(context);
  }

  static GatewayContext contextOf(ContextHandler context) {
    // Each class is only touched where its environment is present.
    for (JettyEnvironment environment : values()) {
      GatewayContext found = environment.isPresent() ? environment.wrap(context) : null;
      if (found != null) {
        return environment.withWebSockets(found);
      }
    }
    throw new IllegalArgumentException(
        context + " has no servlets. Use a ServletContextHandler of Jetty's ee11 or ee10.");
  }
}
