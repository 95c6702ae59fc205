package dev.gangway.jetty;

import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.GracefulHandler;

/** Jetty, whose requests begin on the thread that reads them while nothing can block it. */
final class GatewayServer extends Server {

  @Override
  public InvocationType getInvocationType() {
    // Not if a customizer has put a handler in front: that one may block.
    boolean ours =
        getHandler() instanceof GracefulHandler first
            && first.getHandler() instanceof InlineHandler;
    return ours ? InvocationType.NON_BLOCKING : InvocationType.BLOCKING;
  }
}
