package dev.gangway.spring;

import org.apache.catalina.connector.Connector;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.web.embedded.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;

/** What Tomcat has to be told for the sake of the mounts. */
@AutoConfiguration(after = GatewayAutoConfiguration.class)
@ConditionalOnClass({Connector.class, ConfigurableTomcatWebServerFactory.class})
@ConditionalOnBean(GatewayMounts.class)
public final class GatewayTomcatAutoConfiguration {

  GatewayTomcatAutoConfiguration() {}

  @Bean
  Customizer gatewayTomcatCustomizer() {
    return new Customizer();
  }

  /** Comes early, so that the customizers of users have the last word. */
  static final class Customizer
      implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory>, Ordered {

    @Override
    public void customize(ConfigurableTomcatWebServerFactory factory) {
      factory.addConnectorCustomizers(Customizer::customize);
    }

    private static void customize(Connector connector) {
      // Expect: 100-continue is answered when the application first reads.
      connector.setProperty("continueResponseTiming", "onRead");
    }

    @Override
    public int getOrder() {
      return 0;
    }
  }
}
