package dev.gangway.servlet;

import dev.gangway.asgi.AsgiApplication;
import java.time.Duration;

/** Waits for nobody as long as a server does. */
public final class ImpatientServlet extends GatewayServlet {

  private static final long serialVersionUID = 1;

  private ImpatientServlet(AsgiApplication application, WebSocketTimes times) {
    super(new AsgiGateway(application), times);
  }

  private static final WebSocketTimes LONG = WebSocketTimes.DEFAULT;

  /** Pings so often. */
  public static GatewayServlet pinging(AsgiApplication application, Duration every) {
    return new ImpatientServlet(
        application, new WebSocketTimes(every, LONG.decision(), LONG.behind()));
  }

  /** Waits so long for the application to accept. */
  public static GatewayServlet deciding(AsgiApplication application, Duration within) {
    return new ImpatientServlet(
        application, new WebSocketTimes(LONG.pings(), within, LONG.behind()));
  }

  /** Waits so long for the application to receive, where reading cannot be stopped. */
  public static GatewayServlet behind(AsgiApplication application, Duration most) {
    return new ImpatientServlet(
        application, new WebSocketTimes(LONG.pings(), LONG.decision(), most));
  }
}
