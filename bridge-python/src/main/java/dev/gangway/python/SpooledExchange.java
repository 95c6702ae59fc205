package dev.gangway.python;

import dev.gangway.Environ;
import dev.gangway.Header;
import dev.gangway.exchange.BodyReceiver;
import dev.gangway.exchange.ClientProbe;
import dev.gangway.exchange.Exchange;
import dev.gangway.exchange.Written;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An exchange that says at once that a part of the response is written, and keeps in a file what
 * the client does not read yet. Only beyond the limits, or without room for a file, is a part
 * written when it says so.
 *
 * <p>Threading: as {@link Exchange}; the container tells from its own threads what is written. The
 * exchange behind this one has one part at a time. What follows the parts, the end or a failure,
 * waits for them.
 */
final class SpooledExchange implements Exchange {

  private static final Logger LOG = System.getLogger(SpooledExchange.class.getName());
  private static final byte[] NOTHING = new byte[0];

  /** What is read from the file at once: it is in memory for as long as the client takes. */
  private static final int CHUNK = 16 * 1024;

  private static final class Part {
    private final byte[] bytes;
    private final Written written;

    Part(byte[] bytes, Written written) {
      this.bytes = bytes;
      this.written = written;
    }
  }

  private final Exchange exchange;
  private final ResponseSpool spool;

  // All guarded by this.
  private boolean writing;
  private @Nullable FileChannel file;

  /** What is kept, counted from where the file was made; it begins again where it has its limit. */
  private long begin;

  private long end;

  /** How long the file is, at most. */
  private long room;

  private final ArrayDeque<Part> held = new ArrayDeque<>();
  private @Nullable Runnable last;
  private @Nullable Throwable failure;

  SpooledExchange(Exchange exchange, ResponseSpool spool) {
    this.exchange = exchange;
    this.spool = spool;
  }

  @Override
  public void write(byte[] bytes, int offset, int length, Written written) {
    Throwable problem;
    boolean first = false;
    synchronized (this) {
      problem = failure;
      if (problem == null) {
        first = !writing;
        writing = true;
        if (!first && !keep(bytes, offset, length)) {
          held.add(new Part(Arrays.copyOfRange(bytes, offset, offset + length), written));
          return;
        }
      }
    }
    if (first) {
      exchange.write(bytes, offset, length, this::next);
    }
    written.done(problem);
  }

  /** Adds a part to the file, or returns false if it has no room. */
  private boolean keep(byte[] bytes, int offset, int length) {
    if (length == 0) {
      return true; // a file without bytes would never be read to its end, and so never closed
    }
    if (!held.isEmpty() || length > spool.limit() - (end - begin)) {
      return false;
    }
    long grows = Math.min(end + length, spool.limit()) - room;
    if (grows > 0 && !spool.reserve(grows)) {
      return false;
    }
    room += Math.max(0, grows);
    try {
      FileChannel to = file;
      if (to == null) {
        to = spool.create(this);
        file = to;
      }
      long position = end;
      while (position < end + length) {
        int from = (int) (position - end);
        int count = (int) Math.min(length - from, untilWrap(position));
        position +=
            to.write(ByteBuffer.wrap(bytes, offset + from, count), position % spool.limit());
      }
      end = position;
      return true;
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "A response waits for its client, for it cannot be kept in a file", e);
      if (file == null) {
        freeRoom();
      }
      return false;
    }
  }

  private long untilWrap(long position) {
    return spool.limit() - position % spool.limit();
  }

  private void freeRoom() {
    spool.release(room);
    room = 0;
  }

  /** A part has left, or cannot: what comes next. */
  private void next(@Nullable Throwable problem) {
    Part part = null;
    Runnable ending = null;
    List<Part> refused = List.of();
    Throwable broken = null;
    synchronized (this) {
      if (problem != null) {
        refused = stop(problem);
        ending = last;
        last = null;
      } else if (failure == null) {
        try {
          part = following();
        } catch (IOException e) {
          broken = e;
          refused = stop(e);
          last = null;
        }
        if (part == null) {
          writing = false;
          ending = last;
          last = null;
        }
      }
    }
    Throwable why = problem == null ? broken : problem;
    refused.forEach(refusal -> refusal.written.done(why));
    if (part != null) {
      Written written = part.written;
      exchange.write(
          part.bytes,
          0,
          part.bytes.length,
          failed -> {
            written.done(failed);
            next(failed);
          });
    } else if (broken != null) {
      LOG.log(Level.ERROR, "A response cannot be read back from its file", broken);
      exchange.fail(500, List.of(), broken);
    } else if (ending != null) {
      ending.run();
    }
  }

  /** The part to write next, or null if there is none. */
  private @Nullable Part following() throws IOException {
    FileChannel from = file;
    if (from != null && begin < end) {
      long most = Math.min(CHUNK, untilWrap(begin));
      ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(most, end - begin));
      long place = begin % spool.limit();
      while (chunk.hasRemaining()) {
        int read = from.read(chunk, place + chunk.position());
        if (read < 0) {
          throw new EOFException("The file ends before its " + room + " bytes");
        }
      }
      begin += chunk.capacity();
      if (begin == end) {
        closeFile();
      }
      return new Part(chunk.array(), Written.IGNORED);
    }
    return held.poll();
  }

  /** Nothing more is written; returns the parts that somebody waits for. */
  private List<Part> stop(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
    List<Part> left = List.copyOf(held);
    held.clear();
    closeFile();
    return left;
  }

  private void closeFile() {
    FileChannel open = file;
    file = null;
    begin = 0;
    end = 0;
    freeRoom();
    if (open != null) {
      spool.closed(this);
      try {
        open.close();
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "The file of a response cannot be closed", e);
      }
    }
  }

  /** Whether parts are still to be written, after which the action is run. */
  private synchronized boolean runsLater(Runnable action) {
    if (!writing || failure != null) {
      return false;
    }
    if (last == null) {
      last = action;
    }
    return true;
  }

  @Override
  public void complete(byte[] bytes, int offset, int length) {
    byte[] copy = NOTHING;
    synchronized (this) {
      if (length > 0 && writing && failure == null) {
        copy = Arrays.copyOfRange(bytes, offset, offset + length);
      }
    }
    byte[] rest = copy;
    if (!runsLater(() -> exchange.complete(rest, 0, rest.length))) {
      exchange.complete(bytes, offset, length);
    }
  }

  @Override
  public void complete(Path path, long offset, long count, Written written) {
    if (!runsLater(() -> exchange.complete(path, offset, count, written))) {
      exchange.complete(path, offset, count, written);
    }
  }

  @Override
  public void fail(int status, List<Header> headers, Throwable cause) {
    if (!runsLater(() -> exchange.fail(status, headers, cause))) {
      exchange.fail(status, headers, cause);
    }
  }

  /** Gives up a client that has not read its response in time. */
  void breakOff() {
    IOException cause = new IOException("The application is closed, and the client still reads");
    List<Part> refused;
    synchronized (this) {
      last = null;
      refused = stop(cause);
    }
    refused.forEach(part -> part.written.done(cause));
    exchange.fail(503, List.of(), cause);
  }

  @Override
  public void onDisconnect(Runnable listener) {
    exchange.onDisconnect(
        () -> {
          next(new IOException("The client has left"));
          listener.run();
        });
  }

  @Override
  public boolean isClientGone(ClientProbe probe) {
    return exchange.isClientGone(probe);
  }

  @Override
  public Environ environ() {
    return exchange.environ();
  }

  @Override
  public boolean hasBody() {
    return exchange.hasBody();
  }

  @Override
  public void receive(BodyReceiver receiver) {
    exchange.receive(receiver);
  }

  @Override
  public void resume() {
    exchange.resume();
  }

  @Override
  public void start(int status, String reason, List<Header> headers) {
    exchange.start(status, reason, headers);
  }
}
