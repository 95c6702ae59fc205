package dev.gangway.python;

import dev.gangway.Environ;
import dev.gangway.GatewayInput;
import dev.gangway.Header;
import dev.gangway.ResponseBody;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Calls an application as a plain gateway application, without a container. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record BlockingCall(String status, List<Header> headers, byte[] bytes) {

  String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static BlockingCall get(PythonApplication application, String path) throws Exception {
    return call(application, "GET", path, -1, InputStream.nullInputStream());
  }

  static BlockingCall post(PythonApplication application, String path, byte[] body)
      throws Exception {
    return call(application, "POST", path, body.length, new ByteArrayInputStream(body));
  }

  static BlockingCall call(
      PythonApplication application, String method, String target, long length, InputStream body)
      throws Exception {
    List<Header> headers = new ArrayList<>();
    String[] status = new String[1];
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ResponseBody response =
        application.call(
            environ(method, target, length, body),
            (line, sent, excInfo) -> {
              status[0] = line;
              headers.addAll(sent);
              return bytes::writeBytes;
            })) {
      response.forEach(bytes::writeBytes);
    }
    return new BlockingCall(status[0], headers, bytes.toByteArray());
  }

  private static Environ environ(String method, String target, long length, InputStream body) {
    String[] parts = target.split("\\?", 2);
    Map<String, Object> environ = new HashMap<>();
    environ.put("REQUEST_METHOD", method);
    environ.put("SCRIPT_NAME", "");
    environ.put("PATH_INFO", parts[0]);
    environ.put("QUERY_STRING", parts.length > 1 ? parts[1] : "");
    environ.put("SERVER_NAME", "localhost");
    environ.put("SERVER_PORT", "80");
    environ.put("SERVER_PROTOCOL", "HTTP/1.1");
    environ.put("wsgi.url_scheme", "http");
    environ.put("wsgi.input", new GatewayInput(body));
    if (length >= 0) {
      environ.put("CONTENT_LENGTH", Long.toString(length));
    }
    return Environ.of(environ);
  }

  /** Reads a response chunk by chunk, when it likes. */
  static final class SlowReader {
    private final ResponseBody response;
    private final Iterator<byte[]> chunks;

    SlowReader(PythonApplication application, String target) throws Exception {
      response =
          application.call(
              environ("GET", target, -1, InputStream.nullInputStream()),
              (line, sent, excInfo) -> chunk -> {});
      chunks = response.iterator();
    }

    String rest() throws Exception {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      chunks.forEachRemaining(bytes::writeBytes);
      response.close();
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }
}
