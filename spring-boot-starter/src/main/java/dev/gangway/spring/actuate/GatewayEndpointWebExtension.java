package dev.gangway.spring.actuate;

import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/** Gives a reload that failed a status by which scripts can tell. */
@EndpointWebExtension(endpoint = GatewayEndpoint.class)
public class GatewayEndpointWebExtension {

  private static final int CONFLICT = 409;

  private final GatewayEndpoint endpoint;

  /**
   * An extension.
   *
   * @param endpoint what is extended
   */
  public GatewayEndpointWebExtension(GatewayEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  /**
   * Replaces the workers of a mount.
   *
   * @param mount its name
   * @return 200, 404 if there is no such mount, 503 if it does not run, and 409 if new workers do
   *     not start: not the request was wrong but what is to be loaded
   */
  @WriteOperation
  public WebEndpointResponse<Reload> reload(@Selector String mount) {
    Reload reload = endpoint.reload(mount);
    return new WebEndpointResponse<>(
        reload,
        switch (reload.outcome()) {
          case RELOADED -> WebEndpointResponse.STATUS_OK;
          case FAILED -> CONFLICT;
          case STOPPED -> WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE;
          case UNKNOWN -> WebEndpointResponse.STATUS_NOT_FOUND;
        });
  }
}
