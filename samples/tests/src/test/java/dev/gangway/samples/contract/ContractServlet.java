package dev.gangway.samples.contract;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.apache.catalina.ContainerServlet;
import org.apache.catalina.Host;
import org.apache.catalina.Wrapper;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs the suite that the query names, and answers with a list of {@link TestOutcome}. */
public final class ContractServlet extends HttpServlet implements ContainerServlet {

  private transient Wrapper wrapper;

  @Override
  public Wrapper getWrapper() {
    return wrapper;
  }

  @Override
  public void setWrapper(Wrapper wrapper) {
    this.wrapper = wrapper;
    if (wrapper != null) {
      DistributionServer.runsIn((Host) wrapper.getParent().getParent());
    }
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Outcomes outcomes = new Outcomes();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(
                    selectClass(
                        DistributionSuites.class.getName() + "$" + request.getQueryString()))
                .build(),
            outcomes);
    try (ObjectOutputStream out = new ObjectOutputStream(response.getOutputStream())) {
      out.writeObject(outcomes.all);
    }
  }

  private static final class Outcomes implements TestExecutionListener {

    private final List<TestOutcome> all = new ArrayList<>();
    private TestPlan plan;

    @Override
    public void testPlanExecutionStarted(TestPlan started) {
      plan = started;
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
      all.add(new TestOutcome(name(test), "skipped: " + reason));
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      boolean passed = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
      // A class fails, too, if its server does not start.
      if (test.isTest() || !passed) {
        all.add(new TestOutcome(name(test), passed ? "" : trace(result)));
      }
    }

    private String name(TestIdentifier test) {
      String name = test.getDisplayName();
      return name.startsWith("[")
          ? plan.getParent(test).map(TestIdentifier::getDisplayName).orElse("") + " " + name
          : name;
    }

    private static String trace(TestExecutionResult result) {
      StringWriter trace = new StringWriter();
      trace.append(result.getStatus().name()).append('\n');
      result.getThrowable().ifPresent(thrown -> thrown.printStackTrace(new PrintWriter(trace)));
      return trace.toString();
    }
  }
}
