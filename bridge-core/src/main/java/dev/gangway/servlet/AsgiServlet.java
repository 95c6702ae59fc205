package dev.gangway.servlet;

import dev.gangway.asgi.AsgiApplication;
import jakarta.servlet.ServletException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Mounts an ASGI application as a servlet, and runs its lifespan: its startup in {@link #init}, its
 * shutdown in {@link #destroy}. Map it to a prefix, such as {@code /app/*}, or to {@code /*};
 * register it with {@code async-supported}, so that no thread of the container waits, and with
 * {@code load-on-startup}, so that a startup that fails is found out when the server starts. Safe
 * for many threads if the application is.
 *
 * <pre>{@code
 * ServletRegistration.Dynamic events =
 *     context.addServlet("events", new AsgiServlet(application));
 * events.addMapping("/events/*");
 * events.setAsyncSupported(true);
 * events.setLoadOnStartup(1);
 * }</pre>
 */
public class AsgiServlet extends GatewayServlet {

  private static final long serialVersionUID = 1;

  /** As long as requests have for their end by default. */
  private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(30);

  private final transient AsgiGateway gateway;
  private transient @Nullable AsgiLifespan lifespan;

  /**
   * A servlet for an application.
   *
   * @param application called for its lifespan, and for every connection
   */
  public AsgiServlet(AsgiApplication application) {
    this(application, EnvironCustomizer.NONE);
  }

  /**
   * A servlet for an application that is told more than the contract has.
   *
   * @param application called for its lifespan, and for every connection
   * @param customizer called before each connection; what it puts is in the scope's extras
   */
  public AsgiServlet(AsgiApplication application, EnvironCustomizer customizer) {
    this(new AsgiGateway(application), customizer);
  }

  private AsgiServlet(AsgiGateway gateway, EnvironCustomizer customizer) {
    super(gateway, customizer);
    this.gateway = gateway;
  }

  /**
   * Starts the application, and waits until it is ready.
   *
   * @throws ServletException with the application's message if its startup fails
   */
  @Override
  public void init() throws ServletException {
    AsgiLifespan starting = new AsgiLifespan();
    String problem;
    try {
      problem = starting.start(gateway.asgi());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServletException("The application's startup was interrupted", e);
    }
    if (problem != null) {
      throw new ServletException(problem);
    }
    gateway.state().set(starting.state());
    lifespan = starting;
  }

  /** Has the application clean up, and waits until it has, for at most 30 seconds. */
  @Override
  public void destroy() {
    super.destroy();
    AsgiLifespan stopping = lifespan;
    lifespan = null;
    if (stopping != null) {
      stopping.stop(SHUTDOWN_LIMIT);
    }
  }
}
