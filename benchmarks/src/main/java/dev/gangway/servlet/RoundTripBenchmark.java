package dev.gangway.servlet;

import dev.gangway.GatewayApplication;
import dev.gangway.Header;
import dev.gangway.ResponseBody;
import dev.gangway.python.PythonApplication;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A request from the servlet to the answer's last byte, without a container. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class RoundTripBenchmark {

  private static final byte[] HELLO = "Hello, world!\n".getBytes(StandardCharsets.US_ASCII);

  private static final String SOURCE =
      """
      HEADERS = [("Content-Type", "text/plain"), ("Content-Length", "14")]


      def application(environ, start_response):
          start_response("200 OK", HEADERS)
          return [b"Hello, world!\\n"]


      async def asynchronous(scope, receive, send):
          head = [(b"content-type", b"text/plain"), (b"content-length", b"14")]
          await send({"type": "http.response.start", "status": 200, "headers": head})
          await send({"type": "http.response.body", "body": b"Hello, world!\\n"})
      """;

  private final FixedRequest request = new FixedRequest();
  private final FixedResponse response = new FixedResponse();

  /** An application in Java. */
  @State(Scope.Thread)
  public static class Java {

    private final GatewayServlet servlet = new GatewayServlet(hello());

    private static GatewayApplication hello() {
      return (environ, startResponse) -> {
        startResponse.start("200 OK", List.of(new Header("Content-Type", "text/plain")));
        return ResponseBody.of(HELLO);
      };
    }
  }

  /** An application in one worker of Python. */
  public abstract static class Python {

    private final String callable;
    private Path folder = Path.of("");
    private PythonApplication application;
    private GatewayServlet servlet;

    /** Of the module that the benchmark writes. */
    @SuppressWarnings("NullAway.Init") // setUp
    Python(String callable) {
      this.callable = callable;
    }

    /** Starts the worker. */
    @Setup
    public void setUp() throws IOException {
      folder = Files.createTempDirectory("gangway-jmh-");
      Files.writeString(folder.resolve("jmh_hello.py"), SOURCE);
      application =
          PythonApplication.builder("jmh_hello:" + callable).chdir(folder).workers(1).start();
      servlet = new GatewayServlet(application);
    }

    /** Ends the worker, and removes its module. */
    @TearDown
    public void tearDown() throws IOException {
      application.close();
      try (var files = Files.walk(folder)) {
        for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** WSGI. */
  @State(Scope.Thread)
  public static class Wsgi extends Python {
    /** Its callable. */
    public Wsgi() {
      super("application");
    }
  }

  /** ASGI. */
  @State(Scope.Thread)
  public static class Asgi extends Python {
    /** Its callable. */
    public Asgi() {
      super("asynchronous");
    }
  }

  /** The call, on the same thread. */
  @Benchmark
  public long java(Java java) throws IOException {
    response.recycle();
    java.servlet.service(request, response);
    return response.bytes();
  }

  /** By shared memory. */
  @Benchmark
  public long wsgi(Wsgi python) throws IOException {
    return answer(python);
  }

  /** By frames on a socket. */
  @Benchmark
  public long asgi(Asgi python) throws IOException {
    return answer(python);
  }

  private long answer(Python python) throws IOException {
    response.recycle();
    long before = response.bytes();
    python.servlet.service(request, response);
    request.awaitEnd();
    if (response.getStatus() != 200 || response.bytes() != before + HELLO.length) {
      throw new IllegalStateException("The answer is not right: " + response.getStatus());
    }
    return response.bytes();
  }
}
