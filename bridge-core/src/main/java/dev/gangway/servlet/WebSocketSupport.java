package dev.gangway.servlet;

import jakarta.websocket.Session;

/**
 * What Jakarta WebSocket has no word for and one container can do. Found by {@link
 * java.util.ServiceLoader} when the first WebSocket opens; bridge-jetty and bridge-tomcat each
 * bring one. Safe for many threads.
 */
@SuppressWarnings("exports") // of modules that only those need who have them
public interface WebSocketSupport {

  /**
   * The name of an extension that is no matter of the client's, which an endpoint asks its
   * container for if it is installed: it is how {@link #suspend} works there.
   */
  String FLOW = "@gangway-flow";

  /**
   * Whether this support knows the container of the session.
   *
   * @param session as the endpoint received it
   * @return true if the other methods work for it
   */
  boolean supports(Session session);

  /**
   * Has the container read no frame after the one in hand. The last that the thread that reads
   * calls for that frame.
   *
   * @param session a supported one
   * @return false if there is no way
   */
  boolean suspend(Session session);

  /**
   * Has the container read again. Called by another thread than that which reads.
   *
   * @param session a suspended one
   */
  void resume(Session session);

  /**
   * Sends a ping without waiting for the client.
   *
   * @param session a supported one
   * @return false if there is no way
   */
  default boolean ping(Session session) {
    return false;
  }

  /**
   * Ends the connection without a closing handshake.
   *
   * @param session a supported one
   * @return false if there is no way
   */
  default boolean abort(Session session) {
    return false;
  }
}
