package dev.gangway.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.MappingMatch;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A browser's request as a container would hand it out, with next to nothing of its own that would
 * count as the bridge's. What the bridge does not ask for is not there. For one request after the
 * other.
 */
public final class FixedRequest extends HttpServletRequestWrapper {

  /** As Firefox sends them to a Django site where somebody has logged in. */
  private static final Map<String, List<String>> HEADERS =
      Map.ofEntries(
          Map.entry("Host", List.of("www.example.org")),
          Map.entry(
              "User-Agent",
              List.of("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")),
          Map.entry(
              "Accept", List.of("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")),
          Map.entry("Accept-Language", List.of("de,en-US;q=0.7,en;q=0.3")),
          Map.entry("Accept-Encoding", List.of("gzip, deflate, br, zstd")),
          Map.entry("Referer", List.of("https://www.example.org/boats/?page=2")),
          Map.entry("Connection", List.of("keep-alive")),
          Map.entry(
              "Cookie",
              List.of(
                  "csrftoken=4Cz8xsxYyGwC1pWZ3kYw7rkYpV2bK8pz;"
                      + " sessionid=x2k0b1m7c3nqv9a4h8d5z6r1t0y2u4i6")),
          Map.entry("Upgrade-Insecure-Requests", List.of("1")),
          Map.entry("Cache-Control", List.of("no-cache")));

  private static final HttpServletMapping MAPPING =
      new HttpServletMapping() {
        @Override
        public String getMatchValue() {
          return "boats/17";
        }

        @Override
        public String getPattern() {
          return "/*";
        }

        @Override
        public String getServletName() {
          return "site";
        }

        @Override
        public MappingMatch getMappingMatch() {
          return MappingMatch.PATH;
        }
      };

  private final AsyncContext async;
  private @Nullable AsyncListener listener;
  private @Nullable Thread waiting;
  private volatile boolean complete;

  /** A request that nobody has handled. */
  public FixedRequest() {
    super(absent(HttpServletRequest.class));
    // Made by hand: it is called once for each request, and a proxy would allocate.
    async = new FixedAsync(this);
  }

  /** Something that has none of its methods. */
  static <T> T absent(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            FixedRequest.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              throw new UnsupportedOperationException(method.getName());
            }));
  }

  /** Returns when the exchange is over that {@link #startAsync} began on this thread. */
  void awaitEnd() {
    while (!complete) {
      LockSupport.park(this);
    }
  }

  void listen(AsyncListener heard) {
    listener = heard;
  }

  void end() throws java.io.IOException {
    AsyncListener heard = listener;
    if (heard != null) {
      heard.onComplete(null);
    }
    complete = true;
    LockSupport.unpark(waiting);
  }

  @Override
  public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
    complete = false;
    waiting = Thread.currentThread();
    return async;
  }

  @Override
  public boolean isAsyncSupported() {
    return true;
  }

  @Override
  public DispatcherType getDispatcherType() {
    return DispatcherType.REQUEST;
  }

  @Override
  public @Nullable Object getAttribute(String name) {
    return null;
  }

  @Override
  public HttpServletMapping getHttpServletMapping() {
    return MAPPING;
  }

  @Override
  public String getMethod() {
    return "GET";
  }

  @Override
  public String getContextPath() {
    return "";
  }

  @Override
  public String getRequestURI() {
    return "/boats/17";
  }

  @Override
  public String getQueryString() {
    return "order=name&page=2";
  }

  @Override
  public String getProtocol() {
    return "HTTP/1.1";
  }

  @Override
  public String getScheme() {
    return "http";
  }

  @Override
  public boolean isSecure() {
    return false;
  }

  @Override
  public String getServerName() {
    return "www.example.org";
  }

  @Override
  public int getServerPort() {
    return 80;
  }

  @Override
  public String getRemoteAddr() {
    return "192.0.2.17";
  }

  @Override
  public int getRemotePort() {
    return 50_001;
  }

  @Override
  public String getLocalAddr() {
    return "192.0.2.1";
  }

  @Override
  public int getLocalPort() {
    return 80;
  }

  @Override
  public @Nullable String getRemoteUser() {
    return null;
  }

  @Override
  public @Nullable String getAuthType() {
    return null;
  }

  @Override
  public jakarta.servlet.@Nullable ServletContext getServletContext() {
    return null;
  }

  @Override
  public long getContentLengthLong() {
    return -1;
  }

  @Override
  public @Nullable String getContentType() {
    return null;
  }

  @Override
  public Enumeration<String> getHeaderNames() {
    return Collections.enumeration(HEADERS.keySet());
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    List<String> values = HEADERS.get(name);
    return values == null ? Collections.emptyEnumeration() : Collections.enumeration(values);
  }

  @Override
  public @Nullable String getHeader(String name) {
    List<String> values = HEADERS.get(name);
    return values == null ? null : values.get(0);
  }
}
