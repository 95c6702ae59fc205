package dev.gangway.launcher;

import dev.gangway.jetty.JettyGateway;
import dev.gangway.server.GatewayBuilder;
import dev.gangway.tomcat.TomcatGateway;
import java.io.CharArrayWriter;
import org.apache.catalina.valves.AbstractAccessLogValve;
import org.eclipse.jetty.server.CustomRequestLog;

/** The containers with an access log in gunicorn's format, which is Apache's combined one. */
final class Containers {

  private Containers() {}

  static GatewayBuilder<?> jetty(AccessLog accessLog) {
    JettyGateway.Builder builder = JettyGateway.builder();
    if (accessLog.isOn()) {
      builder.customize(
          server ->
              server.setRequestLog(
                  new CustomRequestLog(
                      line -> accessLog.line(line.replace(" \"\"", " \"-\"")),
                      CustomRequestLog.EXTENDED_NCSA_FORMAT)));
    }
    return builder;
  }

  static GatewayBuilder<?> tomcat(AccessLog accessLog) {
    TomcatGateway.Builder builder = TomcatGateway.builder();
    if (accessLog.isOn()) {
      AbstractAccessLogValve valve =
          new AbstractAccessLogValve() {
            @Override
            protected void log(CharArrayWriter message) {
              accessLog.line(message.toString());
            }
          };
      valve.setPattern("combined");
      builder.customize(tomcat -> tomcat.getEngine().getPipeline().addValve(valve));
    }
    return builder;
  }
}
