package dev.gangway.servlet;

import dev.gangway.Environ;
import dev.gangway.GatewayApplication;
import dev.gangway.ResponseBody;
import dev.gangway.exchange.ClientProbe;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Calls an application on the container's thread and sends its response. For one request. */
final class BlockingCall {

  private static final Logger LOGGER = System.getLogger("dev.gangway.servlet");

  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final RequestContent content;
  private final BodyOutput output;
  private final BlockingResponse answer;
  private final ClientLook client;
  private volatile boolean over;

  /**
   * A call.
   *
   * @param request the request
   * @param response its response
   * @param passedOn statuses with which nothing is sent
   */
  BlockingCall(HttpServletRequest request, HttpServletResponse response, Set<Integer> passedOn) {
    this.request = request;
    this.response = response;
    content = new RequestContent(request);
    output = new BodyOutput(request, response);
    answer = new BlockingResponse(request, response, output, passedOn);
    client = new ClientLook(request, () -> over);
  }

  /**
   * Calls the application, and closes its body.
   *
   * @param application the application
   * @param path of the request
   * @param notes whether the request carries {@link RequestNotes}
   * @param customizer changes the environ before
   * @return false if the answer is to be passed on instead
   * @throws IOException to make the container break the connection
   */
  boolean run(
      GatewayApplication application, RequestPath path, boolean notes, EnvironCustomizer customizer)
      throws IOException {
    Environ environ =
        ServletEnviron.forApplication(request, response, path, content, this::hasLeft);
    if (notes) {
      RequestNotes.attach(request, environ);
    }
    boolean broken = false;
    ResponseBody body = null;
    try {
      customizer.customize(environ, request);
      body = application.call(environ, answer);
      if (body == null) {
        throw new IllegalStateException("The application returned null instead of a ResponseBody");
      }
      answer.send(body);
    } catch (Throwable e) {
      broken = !settle(e);
    } finally {
      close(body);
      over = true;
      if (environ.peek("wsgi.errors") instanceof PrintWriter errors) {
        errors.flush();
      }
    }
    if (broken) {
      throw Containers.incomplete();
    }
    return !answer.isPassedOn();
  }

  private boolean hasLeft() {
    return output.clientLeft() || client.now() != ClientProbe.State.OPEN;
  }

  /** Answers a failure; returns false if the connection is still to be broken. */
  private boolean settle(Throwable failure) throws IOException {
    boolean clientFailed = output.clientLeft() || content.isBroken();
    if (clientFailed) {
      LOGGER.log(Level.DEBUG, "The client left during " + Requests.describe(request), failure);
    } else {
      LOGGER.log(Level.ERROR, "The application failed on " + Requests.describe(request), failure);
    }
    if (failure instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    if (answer.isPassedOn()) {
      return true;
    }
    if (answer.fail() == ResponseState.ANSWERED) {
      if (response.isCommitted()) {
        // Tomcat answers a body that is cut short by itself, and calls that committed.
        return content.isBroken() || breakOff(failure);
      }
      try {
        ErrorPage.write(response, content.isBroken() ? 400 : 500);
      } catch (IOException e) {
        LOGGER.log(Level.DEBUG, "The client left during " + Requests.describe(request), e);
      }
      return true;
    }
    return breakOff(failure);
  }

  private boolean breakOff(Throwable failure) {
    try {
      // With the head out, no container can think of an error page instead.
      response.flushBuffer();
    } catch (IOException e) {
      LOGGER.log(Level.DEBUG, "The client left during " + Requests.describe(request), e);
    }
    return Containers.abort(request, response, failure);
  }

  private void close(@Nullable ResponseBody body) {
    if (body != null) {
      try {
        body.close();
      } catch (Throwable e) {
        LOGGER.log(Level.ERROR, "Closing the body failed on " + Requests.describe(request), e);
      }
    }
  }
}
