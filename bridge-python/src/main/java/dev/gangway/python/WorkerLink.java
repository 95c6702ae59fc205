package dev.gangway.python;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ProtocolException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The connection to one worker that serves an ASGI application. Frames are written by any thread,
 * which never waits; they are read by the one of {@link LinkReader}.
 */
final class WorkerLink implements Closeable {

  /** Takes the frames of one stream, on the reading thread. */
  interface Stream {

    /**
     * A frame.
     *
     * @param payload valid until this returns
     * @throws IOException if the worker breaks the protocol
     */
    void frame(int kind, ByteBuffer payload) throws IOException;

    /** The worker will send no more frames. */
    void lost(String how);
  }

  private static final Logger LOG = System.getLogger(WorkerLink.class.getName());
  private static final long PING_PERIOD = 1_000_000_000L;
  private static final int BUFFER = 128 * 1024;

  private final int worker;
  private final long pid;
  private final SocketChannel channel;
  private final ArrayDeque<ByteBuffer> unsent = new ArrayDeque<>(); // guarded by itself
  private final Map<Integer, Stream> streams = new ConcurrentHashMap<>();
  private final AtomicInteger last = new AtomicInteger();
  private volatile @Nullable SelectionKey key;
  private volatile boolean retiring;
  private volatile long pinged = System.nanoTime();
  private volatile long answered = pinged;

  /** What was read and is no whole frame yet; used by the reading thread. */
  private ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);

  /**
   * Connects to a worker that listens.
   *
   * @param path of its socket
   */
  WorkerLink(int worker, long pid, Path path) throws IOException {
    this.worker = worker;
    this.pid = pid;
    channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(path));
      channel.configureBlocking(false);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  int worker() {
    return worker;
  }

  long pid() {
    return pid;
  }

  SocketChannel channel() {
    return channel;
  }

  void registered(SelectionKey selectionKey) {
    key = selectionKey;
  }

  /** How many streams are open. */
  int size() {
    return streams.size();
  }

  Collection<Stream> streams() {
    return List.copyOf(streams.values());
  }

  /** Whether it may get new streams. */
  boolean serves() {
    return !retiring && channel.isOpen();
  }

  boolean isRetiring() {
    return retiring;
  }

  /** No new streams from now on. */
  void retire() {
    retiring = true;
  }

  /** Makes a stream known, and returns its number. */
  int open(Stream stream) {
    int number = last.incrementAndGet();
    streams.put(number, stream);
    return number;
  }

  void forget(int number) {
    streams.remove(number);
  }

  /** Asks the worker's event loop for a sign of life now and then, unless it owes one. */
  void ping(long now) {
    if (pinged - answered <= 0 && now - pinged > PING_PERIOD) {
      pinged = now;
      write(StreamFrame.of(StreamFrame.PING, 0, new byte[0]));
    }
  }

  /** For how long the worker owes a sign of life, in nanoseconds. */
  long silentFor(long now) {
    return pinged - answered > 0 ? now - pinged : 0;
  }

  /** Sends a frame, now or when the worker takes it. */
  void write(ByteBuffer frame) {
    boolean left;
    synchronized (unsent) {
      if (unsent.isEmpty()) {
        try {
          channel.write(frame);
        } catch (IOException e) {
          LOG.log(Level.DEBUG, "A worker ended while it was told something", e);
          return;
        }
      }
      left = frame.hasRemaining();
      if (left) {
        unsent.add(frame);
      }
    }
    if (left) {
      writeLater(true);
    }
  }

  private void writeLater(boolean later) {
    SelectionKey registered = key;
    if (registered != null && registered.isValid()) {
      registered.interestOps(SelectionKey.OP_READ | (later ? SelectionKey.OP_WRITE : 0));
      if (later) {
        registered.selector().wakeup();
      }
    }
  }

  /** The worker takes more; called by the reading thread. */
  void writeOn() throws IOException {
    synchronized (unsent) {
      for (ByteBuffer frame = unsent.peek(); frame != null; frame = unsent.peek()) {
        channel.write(frame);
        if (frame.hasRemaining()) {
          writeLater(true);
          return;
        }
        unsent.remove();
      }
      writeLater(false);
    }
  }

  /**
   * Reads what there is; called by the reading thread.
   *
   * @return whether there was anything
   * @throws IOException if the connection has ended, or the worker breaks the protocol
   */
  boolean read() throws IOException {
    int read = channel.read(buffer);
    if (read < 0) {
      throw new EOFException("The worker has closed its connection");
    }
    if (read == 0) {
      return false;
    }
    buffer.flip();
    int needed = 0;
    while (buffer.remaining() >= StreamFrame.HEADER) {
      int start = buffer.position();
      int length = buffer.getInt(start);
      if (length < 0 || length > StreamFrame.LIMIT) {
        throw new ProtocolException("it sent a frame of " + length + " bytes");
      }
      if (buffer.remaining() < StreamFrame.HEADER + length) {
        needed = StreamFrame.HEADER + length;
        break;
      }
      int kind = buffer.get(start + 4);
      int number = buffer.getInt(start + 5);
      ByteBuffer payload =
          buffer.slice(start + StreamFrame.HEADER, length).order(ByteOrder.LITTLE_ENDIAN);
      buffer.position(start + StreamFrame.HEADER + length);
      dispatch(kind, number, payload);
    }
    keep(needed);
    return true;
  }

  /** Makes room for the rest of a frame that has come in part. */
  private void keep(int needed) {
    if (needed > buffer.capacity()) {
      buffer = ByteBuffer.allocate(needed).order(ByteOrder.LITTLE_ENDIAN).put(buffer);
    } else if (needed <= BUFFER && buffer.capacity() > BUFFER) {
      buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN).put(buffer);
    } else {
      buffer.compact();
    }
  }

  private void dispatch(int kind, int number, ByteBuffer payload) throws IOException {
    if (kind == StreamFrame.PONG) {
      answered = System.nanoTime();
      return;
    }
    Stream stream = streams.get(number);
    if (stream == null) {
      throw new IOException(
          "The worker sent a frame for the stream " + number + ", which is not open");
    }
    stream.frame(kind, payload);
  }

  /** Tells the worker that nothing more will come, upon which it ends. */
  void finish() {
    try {
      channel.shutdownOutput();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "A worker ended before", e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
