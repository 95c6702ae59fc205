package dev.gangway.servlet;

import dev.gangway.Header;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Extension;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Hands an accepted WebSocket to the container (Jakarta WebSocket 2.1, section 6.4). */
final class WebSocketUpgrade {

  private WebSocketUpgrade() {}

  /**
   * Upgrades the connection of a request.
   *
   * @param container a {@code ServerContainer}
   * @param request a WebSocket's, on the container's thread
   * @param response not committed
   * @param connection told when it is open
   * @param accept what the application has decided
   * @throws IOException if the client has left
   * @throws IllegalStateException if the container refuses
   */
  static void run(
      Object container,
      HttpServletRequest request,
      HttpServletResponse response,
      WebSocketConnection connection,
      WebSocketHandshake.Accept accept)
      throws IOException {
    ServerEndpointConfig config =
        ServerEndpointConfig.Builder.create(WebSocketEndpoint.class, "/gangway")
            .configurator(new Configurator(new WebSocketEndpoint(connection), accept))
            .build();
    // Not in modifyHandshake, where Jetty would join the values of a name.
    for (Header header : accept.headers()) {
      response.addHeader(header.name(), header.value());
    }
    try {
      ((ServerContainer) container)
          .upgradeHttpToWebSocket(new UpgradeRequest(request), response, config, Map.of());
    } catch (DeploymentException e) {
      throw new IllegalStateException("The container refuses the endpoint", e);
    }
  }

  private static final class Configurator extends ServerEndpointConfig.Configurator {

    private final WebSocketEndpoint endpoint;
    private final WebSocketHandshake.Accept accept;

    Configurator(WebSocketEndpoint endpoint, WebSocketHandshake.Accept accept) {
      this.endpoint = endpoint;
      this.accept = accept;
    }

    @Override
    public String getNegotiatedSubprotocol(List<String> supported, List<String> requested) {
      String subprotocol = accept.subprotocol();
      return subprotocol == null ? "" : subprotocol;
    }

    /** The first offer of each extension that is installed; the container settles the details. */
    @Override
    public List<Extension> getNegotiatedExtensions(
        List<Extension> installed, List<Extension> requested) {
      Map<String, Extension> negotiated = new LinkedHashMap<>();
      for (Extension extension : requested) {
        if (isIn(installed, extension.getName())) {
          negotiated.putIfAbsent(extension.getName(), extension);
        }
      }
      for (Extension extension : installed) {
        if (extension.getName().equals(WebSocketSupport.FLOW)) {
          negotiated.put(WebSocketSupport.FLOW, extension);
        }
      }
      return List.copyOf(negotiated.values());
    }

    private static boolean isIn(List<Extension> installed, String name) {
      return installed.stream().anyMatch(extension -> extension.getName().equals(name));
    }

    @Override
    public boolean checkOrigin(String origin) {
      // The application's business.
      return true;
    }

    @Override
    public <T> T getEndpointInstance(Class<T> type) {
      return type.cast(endpoint);
    }
  }
}
