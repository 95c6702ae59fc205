package dev.gangway.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The asynchronous side of a {@link FixedRequest}. */
final class FixedAsync implements AsyncContext {

  private final FixedRequest request;

  FixedAsync(FixedRequest request) {
    this.request = request;
  }

  @Override
  public void setTimeout(long timeout) {}

  @Override
  public void addListener(AsyncListener listener) {
    request.listen(listener);
  }

  @Override
  public void complete() {
    try {
      request.end();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public ServletRequest getRequest() {
    return request;
  }

  @Override
  public ServletResponse getResponse() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean hasOriginalRequestAndResponse() {
    return true;
  }

  @Override
  public void dispatch() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void dispatch(String path) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void dispatch(ServletContext context, String path) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void start(Runnable run) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void addListener(
      AsyncListener listener, ServletRequest servletRequest, ServletResponse servletResponse) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T extends AsyncListener> T createListener(Class<T> type) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long getTimeout() {
    return 0;
  }
}
