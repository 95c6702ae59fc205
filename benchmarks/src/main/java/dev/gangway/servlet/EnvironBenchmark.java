package dev.gangway.servlet;

import dev.gangway.Environ;
import dev.gangway.Header;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** What the bridge makes of a request before the application, and of the head of its answer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EnvironBenchmark {

  /** What Django 3.2 answers with its default middleware. */
  private static final List<Header> HEADERS =
      List.of(
          new Header("Content-Type", "text/html; charset=utf-8"),
          new Header("X-Frame-Options", "DENY"),
          new Header("Vary", "Cookie"),
          new Header("Content-Length", "17230"),
          new Header("X-Content-Type-Options", "nosniff"),
          new Header("Referrer-Policy", "same-origin"));

  private final FixedRequest request = new FixedRequest();
  private final FixedResponse response = new FixedResponse();

  /** The environ of a browser's request. */
  public static Environ environ(FixedRequest request, FixedResponse response)
      throws BadRequestException {
    RequestPath path =
        RequestPath.of(
            request.getRequestURI(), request.getContextPath(), request.getHttpServletMapping());
    return ServletEnviron.forExchange(
        request, response, path, new RequestContent(request), () -> false);
  }

  /** Makes the environ and asks for all of it, as the transport to Python does. */
  @Benchmark
  public void environ(Blackhole hole) throws BadRequestException {
    environ(request, response)
        .forEach(
            (name, value) -> {
              hole.consume(name);
              hole.consume(value);
            });
  }

  /** The keys of the headers alone. */
  @Benchmark
  public void headers(Blackhole hole) {
    var names = request.getHeaderNames();
    while (names.hasMoreElements()) {
      hole.consume(RequestHeaders.key(names.nextElement()));
    }
  }

  /** Gives the head of an answer to the container. */
  @Benchmark
  public int responseHead() {
    response.recycle();
    HeadWriter.apply(request, response, 200, HEADERS);
    return response.headers();
  }
}
