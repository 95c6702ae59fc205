package dev.gangway.jetty;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;

/**
 * A client of WebSocket over HTTP/2 that shows each frame of the server. By hand, because Jetty's
 * own loses what comes while it changes from HTTP to WebSocket.
 */
final class Http2WebSocket implements Stream.Listener, AutoCloseable {

  private static final int TEXT = 1;
  private static final int CLOSE = 8;

  /** In the place of a length: it follows in two bytes. Longer frames are none of this client. */
  private static final int TWO_BYTES = 126;

  private final HTTP2Client client = new HTTP2Client();
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> answered = new CompletableFuture<>();

  /** What has come and is not a whole frame yet. */
  private ByteBuffer unread = BufferUtil.EMPTY_BUFFER;

  private Stream stream;

  private Http2WebSocket() {}

  /** Opens one on a connection of its own, in the clear. */
  static Http2WebSocket open(int port, String path) throws Exception {
    Http2WebSocket socket = new Http2WebSocket();
    try {
      socket.connect(port, path);
      return socket;
    } catch (Throwable failure) {
      socket.close();
      throw failure;
    }
  }

  private void connect(int port, String path) throws Exception {
    client.start();
    CompletableFuture<Integer> extendedConnect = new CompletableFuture<>();
    Session session =
        client
            .connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                new Session.Listener() {
                  @Override
                  public void onSettings(Session session, SettingsFrame frame) {
                    extendedConnect.complete(
                        frame.getSettings().get(SettingsFrame.ENABLE_CONNECT_PROTOCOL));
                  }
                })
            .get(20, TimeUnit.SECONDS);
    if (!Integer.valueOf(1).equals(extendedConnect.get(20, TimeUnit.SECONDS))) {
      throw new AssertionError("The server does not offer extended CONNECT");
    }
    HttpFields fields = HttpFields.build().put(HttpHeader.SEC_WEBSOCKET_VERSION, "13");
    MetaData.Request request =
        new MetaData.ConnectRequest(
            HttpScheme.HTTP, new HostPortHttpField("127.0.0.1:" + port), path, fields, "websocket");
    stream =
        session.newStream(new HeadersFrame(request, null, false), this).get(20, TimeUnit.SECONDS);
    int status = answered.get(20, TimeUnit.SECONDS);
    if (status != 200) {
      throw new AssertionError("The server answered " + status);
    }
    stream.demand();
  }

  @Override
  public void onHeaders(Stream ours, HeadersFrame frame) {
    answered.complete(((MetaData.Response) frame.getMetaData()).getStatus());
  }

  @Override
  public void onDataAvailable(Stream ours) {
    Stream.Data data = ours.readData();
    if (data == null) {
      ours.demand();
      return;
    }
    unread = concatenated(unread, data.frame().getByteBuffer());
    data.release();
    for (String frame = frame(); frame != null; frame = frame()) {
      seen.add(frame);
    }
    if (data.frame().isEndStream()) {
      seen.add("end");
    } else {
      ours.demand();
    }
  }

  /** The next whole frame, or null. */
  private String frame() {
    ByteBuffer ahead = unread.slice();
    if (ahead.remaining() < 2) {
      return null;
    }
    int kind = ahead.get() & 0x0f;
    int length = ahead.get();
    if (length == TWO_BYTES) {
      length = ahead.remaining() < 2 ? Integer.MAX_VALUE : ahead.getShort() & 0xffff;
    }
    if (ahead.remaining() < length) {
      return null;
    }
    byte[] payload = new byte[length];
    ahead.get(payload);
    unread = ahead;
    return switch (kind) {
      case TEXT -> "text " + new String(payload, UTF_8);
      case CLOSE ->
          "close %d %s"
              .formatted(
                  ByteBuffer.wrap(payload).getShort(), new String(payload, 2, length - 2, UTF_8));
      default -> "frame " + kind;
    };
  }

  private static ByteBuffer concatenated(ByteBuffer first, ByteBuffer second) {
    return ByteBuffer.allocate(first.remaining() + second.remaining())
        .put(first)
        .put(second)
        .flip();
  }

  @Override
  public void onReset(Stream ours, ResetFrame frame, Callback callback) {
    seen.add("reset " + ErrorCode.toString(frame.getError(), "?"));
    callback.succeeded();
  }

  /** The next that came: {@code text ...}, {@code close CODE REASON}, {@code end}, a reset. */
  String next() throws InterruptedException {
    return String.valueOf(seen.poll(20, TimeUnit.SECONDS));
  }

  void sendText(String text) throws Exception {
    send(TEXT, text.getBytes(UTF_8), false);
  }

  /** Begins the closing handshake; the client's side of the stream stays open. */
  void beginClose(int code) throws Exception {
    send(CLOSE, code(code), false);
  }

  /** Answers a close frame, and ends the stream. */
  void answerClose(int code) throws Exception {
    send(CLOSE, code(code), true);
  }

  private static byte[] code(int code) {
    return new byte[] {(byte) (code >> 8), (byte) code};
  }

  void reset() {
    stream.reset(new ResetFrame(stream.getId(), ErrorCode.CANCEL_STREAM_ERROR.code), Callback.NOOP);
  }

  /** Masked with zeros. */
  private void send(int kind, byte[] payload, boolean last) throws Exception {
    ByteBuffer frame = ByteBuffer.allocate(8 + payload.length).put((byte) (0x80 | kind));
    if (payload.length < TWO_BYTES) {
      frame.put((byte) (0x80 | payload.length));
    } else {
      frame.put((byte) (0x80 | TWO_BYTES)).putShort((short) payload.length);
    }
    frame.putInt(0).put(payload).flip();
    stream.data(new DataFrame(stream.getId(), frame, last)).get(20, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    LifeCycle.stop(client);
  }
}
