package dev.gangway.servlet;

import dev.gangway.GatewayApplication;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Mounts a gateway application as a servlet. Map it to a prefix, such as {@code /app/*}, or to
 * {@code /*}; register it with {@code async-supported}, so that applications that answer from
 * elsewhere need no thread of the container. Safe for many threads if the application is.
 *
 * <pre>{@code
 * ServletRegistration.Dynamic hello =
 *     context.addServlet("hello", new GatewayServlet(application));
 * hello.addMapping("/hello/*");
 * hello.setAsyncSupported(true);
 * }</pre>
 */
public class GatewayServlet extends HttpServlet {

  private static final long serialVersionUID = 1;

  private final transient ServletBridge bridge;

  /**
   * A servlet for an application.
   *
   * @param application called for every request
   */
  public GatewayServlet(GatewayApplication application) {
    this(application, false);
  }

  /**
   * A servlet for an application.
   *
   * @param application called for every request
   * @param notes whether each request carries {@link RequestNotes}, for an access log
   */
  public GatewayServlet(GatewayApplication application, boolean notes) {
    this(application, notes, EnvironCustomizer.NONE);
  }

  /**
   * A servlet for an application that is told more than the contract has.
   *
   * @param application called for every request
   * @param customizer called before it
   */
  public GatewayServlet(GatewayApplication application, EnvironCustomizer customizer) {
    this(application, false, customizer);
  }

  private GatewayServlet(
      GatewayApplication application, boolean notes, EnvironCustomizer customizer) {
    bridge = ServletBridge.ofServlet(application, notes, customizer, WebSocketTimes.DEFAULT);
  }

  GatewayServlet(GatewayApplication application, WebSocketTimes times) {
    bridge = ServletBridge.ofServlet(application, false, EnvironCustomizer.NONE, times);
  }

  /**
   * Answers every request, of any method, with the application.
   *
   * @param request the request
   * @param response its response
   * @throws IOException to make the container break the connection, after a failure that is logged
   */
  @Override
  protected final void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    bridge.service(request, response);
  }

  /**
   * Begins to take WebSockets.
   *
   * @param config of this servlet
   * @throws ServletException if {@link #init()} does
   */
  @Override
  public final void init(ServletConfig config) throws ServletException {
    super.init(config);
    open();
  }

  /** Ends the WebSockets that are still open, as {@link #drain} does. */
  @Override
  public void destroy() {
    drain();
  }

  /**
   * Ends what stays open after its request, for a server that is about to stop: closes all
   * WebSockets with 1012, "service restart", and refuses new ones. Does not wait for the clients.
   */
  public final void drain() {
    bridge.close();
  }

  /** Takes WebSockets again after {@link #drain}, for a server that goes on with this servlet. */
  public final void open() {
    bridge.open();
  }

  /**
   * Whether the application answers from elsewhere, so that {@link #service} returns at once where
   * the container supports asynchronous requests.
   *
   * @return false if it answers on the container's thread
   */
  public final boolean isAsynchronous() {
    return bridge.isAsynchronous();
  }
}
