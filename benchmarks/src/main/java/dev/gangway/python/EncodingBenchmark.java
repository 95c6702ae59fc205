package dev.gangway.python;

import dev.gangway.servlet.EnvironBenchmark;
import dev.gangway.servlet.FixedRequest;
import dev.gangway.servlet.FixedResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What is written into a slot, and read from it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EncodingBenchmark {

  private static final int SLOT = 64 * 1024;

  private final FixedRequest request = new FixedRequest();
  private final FixedResponse response = new FixedResponse();
  private final RequestIds ids = new RequestIds();
  private final byte[] answer = answer();

  private static byte[] answer() {
    String head =
        "200 OK\0Content-Type\0text/html; charset=utf-8\0X-Frame-Options\0DENY\0Vary\0Cookie\0"
            + "Content-Length\00017230\0X-Content-Type-Options\0nosniff\0"
            + "Referrer-Policy\0same-origin";
    byte[] payload = ("0000" + head).getBytes(StandardCharsets.ISO_8859_1);
    int length = payload.length - 4;
    for (int i = 0; i < 4; i++) {
      payload[i] = (byte) (length >>> (8 * i));
    }
    return payload;
  }

  /** The environ of a browser's request, from the request to the bytes. */
  @Benchmark
  public int request() throws Exception {
    RequestEncoder encoder = new RequestEncoder(SLOT);
    encoder.write(EnvironBenchmark.environ(request, response), ids);
    return encoder.size();
  }

  /** The head of Django's answer, from bytes to headers. */
  @Benchmark
  public Object responseHead() {
    return ResponseHead.read(answer, answer.length);
  }
}
