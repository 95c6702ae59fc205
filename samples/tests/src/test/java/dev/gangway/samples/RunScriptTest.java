package dev.gangway.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.samples.Samples.Outcome;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunScriptTest {

  private static final String RUN = Samples.SAMPLES.resolve("run").toString();

  @ParameterizedTest
  @CsvSource({
    "jetty, INT",
    "tomcat, TERM",
    "war, INT",
    "war, TERM",
    "spring-boot, INT",
    "java, INT",
    "java, TERM"
  })
  void servesAndStopsLeavingNoProcess(String program, String signal) throws Exception {
    try (RunningSample sample = RunningSample.start(program, Map.of())) {
      assertThat(new Visitor(sample.uri()).get("").statusCode()).isEqualTo(200);
      assertThat(sample.processes()).hasSizeGreaterThan(1);
      assertThat(sample.stop(signal)).as(sample.output()).isZero();
    }
  }

  @Test
  void saysThatThePortIsTaken() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Outcome outcome =
          Samples.run(
              Samples.ROOT, Map.of(), RUN, "--port", Integer.toString(socket.getLocalPort()));
      assertThat(outcome.status()).isEqualTo(1);
      assertThat(outcome.errors()).contains("port " + socket.getLocalPort() + " already");
    }
  }

  @Test
  void explainsItself() {
    assertThat(Samples.run(Samples.ROOT, Map.of(), RUN, "--help").output())
        .contains("samples/run [jetty|tomcat|war|spring-boot|java] [--port N]");
    Outcome outcome = Samples.run(Samples.ROOT, Map.of(), RUN, "nginx");
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.errors()).contains("unknown argument nginx");
    assertThat(Samples.run(Samples.ROOT, Map.of(), RUN, "--port", "high").errors())
        .contains("the port is \"high\"");
  }

  @Test
  void namesAPythonThatLacksDjango() {
    Outcome outcome =
        Samples.run(
            Samples.ROOT,
            Map.of("GANGWAY_PYTHON", "/no/such/python"),
            RUN,
            "jetty",
            "--no-build",
            "--port",
            "65000");
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.errors()).contains("GANGWAY_PYTHON is /no/such/python");
  }
}
