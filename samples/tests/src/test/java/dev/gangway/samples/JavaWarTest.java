package dev.gangway.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.samples.contract.TestOutcome;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Java applications in the unmodified Tomcat distribution, with its own connector: the suites that
 * every container passes, which run inside that Tomcat and are reported here.
 */
class JavaWarTest {

  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  abstract static class InTheDistribution {

    private final String connector;
    private WarServer server;

    InTheDistribution(String connector) {
      this.connector = connector;
    }

    abstract List<String> suites();

    @BeforeAll
    void start() throws Exception {
      server = WarServer.start(TomcatBase.withContractSuites(connector));
    }

    @AfterAll
    void stop() throws Exception {
      server.close();
    }

    @TestFactory
    Stream<DynamicNode> passes() {
      return suites().stream()
          .map(suite -> DynamicContainer.dynamicContainer(suite, outcomes(suite).stream()));
    }

    private List<DynamicTest> outcomes(String suite) {
      List<DynamicTest> tests =
          run(suite).stream()
              .map(
                  outcome ->
                      DynamicTest.dynamicTest(
                          outcome.name(), () -> assertThat(outcome.failure()).isEmpty()))
              .toList();
      assertThat(tests).as(suite).isNotEmpty();
      return tests;
    }

    @SuppressWarnings("unchecked")
    private List<TestOutcome> run(String suite) {
      URI uri = URI.create("http://127.0.0.1:" + server.port() + "/contract/?" + suite);
      try (InputStream answer = uri.toURL().openStream();
          ObjectInputStream outcomes = new ObjectInputStream(answer)) {
        return (List<TestOutcome>) outcomes.readObject();
      } catch (Exception e) {
        throw new AssertionError(suite + " did not run: " + server.printed(), e);
      }
    }
  }

  @Nested
  class ConnectorOfTheDistribution extends InTheDistribution {

    ConnectorOfTheDistribution() {
      super("");
    }

    @Override
    List<String> suites() {
      return List.of(
          "AsgiResponses",
          "Environs",
          "Files",
          "ForwardedFilters",
          "Inputs",
          "Lint",
          "Mounts",
          "Responses");
    }
  }

  /** As docs/war.md says that it lets every path through and waits until the application reads. */
  @Nested
  class LenientConnector extends InTheDistribution {

    LenientConnector() {
      super(
          "encodedSolidusHandling=\"passthrough\" URIEncoding=\"ISO-8859-1\""
              + " continueResponseTiming=\"onRead\"");
    }

    @Override
    List<String> suites() {
      return List.of("Environs", "Inputs", "Lint", "Mounts");
    }
  }
}
