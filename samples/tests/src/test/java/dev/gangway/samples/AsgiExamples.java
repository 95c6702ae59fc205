package dev.gangway.samples;

import dev.gangway.Header;
import dev.gangway.asgi.AsgiApplication;
import dev.gangway.asgi.HttpScope;
import dev.gangway.asgi.SendEvent;
import dev.gangway.asgi.UnsupportedScopeException;
import dev.gangway.servlet.AsgiServlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.util.List;

/** The Java code in docs/asgi.md, which {@link ReadmeTest} compares with this file. */
final class AsgiExamples {

  private AsgiExamples() {}

  static AsgiApplication application() {
    AsgiApplication hello =
        (scope, receive, send) -> {
          if (!(scope instanceof HttpScope http)) {
            throw new UnsupportedScopeException(scope);
          }
          return send.send(
                  new SendEvent.HttpResponseStart(
                      200, List.of(new Header("content-type", "text/plain"))))
              .thenCompose(
                  sent ->
                      send.send(
                          SendEvent.HttpResponseBody.last("Hello, " + http.connection().path())));
        };
    return hello;
  }

  static void mount(ServletContext context, AsgiApplication hello) {
    ServletRegistration.Dynamic servlet = context.addServlet("hello", new AsgiServlet(hello));
    servlet.addMapping("/hello/*");
    servlet.setAsyncSupported(true);
    servlet.setLoadOnStartup(1);
  }
}
