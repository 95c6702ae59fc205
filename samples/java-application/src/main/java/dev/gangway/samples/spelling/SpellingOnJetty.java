package dev.gangway.samples.spelling;

import dev.gangway.jetty.JettyGateway;

/** The Java application alone on embedded Jetty: no Python is needed. */
public final class SpellingOnJetty {

  private SpellingOnJetty() {}

  /**
   * Serves until the process is told to stop.
   *
   * @param arguments the address to bind, such as {@code 127.0.0.1:8000}
   * @throws Exception if the server does not start
   */
  public static void main(String[] arguments) throws Exception {
    JettyGateway gateway =
        JettyGateway.builder()
            .bind(arguments.length > 0 ? arguments[0] : "127.0.0.1:8000")
            .mount("/", new SpellingApplication().with(new ServerTiming()))
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(gateway::close, "stop"));
    gateway.join();
  }
}
