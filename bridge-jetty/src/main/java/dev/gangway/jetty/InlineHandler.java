package dev.gangway.jetty;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * Lets a request begin on the thread that has read its head, if all that is done then is to hand it
 * to an application that answers from elsewhere; any other request gets a thread of the pool. A
 * hand-over between threads costs more than all the rest that is done for such a request.
 */
final class InlineHandler extends Handler.Wrapper {

  private final GatewayContext context;

  InlineHandler(GatewayContext context) {
    super(context.handler());
    this.context = context;
  }

  /** What each request says of itself: that it does not block. */
  @Override
  public InvocationType getInvocationType() {
    return Invocable.InvocationType.NON_BLOCKING;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    boolean reading = getServer().getInvocationType() == Invocable.InvocationType.NON_BLOCKING;
    if (!reading || (hasNoBody(request) && !isUpgrade(request) && context.neverBlocks(request))) {
      return super.handle(request, response, callback);
    }
    getServer().getThreadPool().execute(() -> dispatched(request, response, callback));
    return true;
  }

  /** A body may go to a file, which blocks. */
  private static boolean hasNoBody(Request request) {
    return request.getConnectionMetaData().getHttpVersion().getVersion() <= 11
        && request.getLength() <= 0
        && !request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
  }

  /** For a WebSocket the thread waits until the application accepts it. */
  private static boolean isUpgrade(Request request) {
    return request.getHeaders().contains(HttpHeader.UPGRADE);
  }

  private void dispatched(Request request, Response response, Callback callback) {
    try {
      if (!super.handle(request, response, callback)) {
        Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
      }
    } catch (Throwable failure) {
      Response.writeError(request, response, callback, failure);
    }
  }
}
