package dev.gangway.python;

import dev.gangway.Environ;
import dev.gangway.Header;
import dev.gangway.exchange.BodyReceiver;
import dev.gangway.exchange.Exchange;
import dev.gangway.exchange.Written;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * An exchange that remembers what it was told, and what was wrong with that. Safe for many threads.
 */
final class RecordedExchange implements Exchange {

  private final String name;
  private final StringBuilder body = new StringBuilder();
  private final Queue<Written> unwritten = new ArrayDeque<>();
  private final CompletableFuture<Integer> end = new CompletableFuture<>();
  private int status;
  private int ends;
  private String wrong = "";

  RecordedExchange(String name) {
    this.name = name;
  }

  @Override
  public Environ environ() {
    return Environ.of(
        Map.of("REQUEST_METHOD", "GET", "REQUEST_URI", "/", "PATH_INFO", name, "SCRIPT_NAME", ""));
  }

  @Override
  public boolean hasBody() {
    return false;
  }

  @Override
  public void receive(BodyReceiver receiver) {}

  @Override
  public void resume() {}

  @Override
  public synchronized void start(int threeDigits, String reason, List<Header> headers) {
    if (status != 0 || ends > 0) {
      wrong += "a second head; ";
    }
    status = threeDigits;
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length, Written written) {
    add(bytes, offset, length);
    unwritten.add(written);
  }

  private void add(byte[] bytes, int offset, int length) {
    if (status == 0 || ends > 0) {
      wrong += "a part out of place; ";
    }
    body.append(new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
  }

  @Override
  public synchronized void complete(byte[] bytes, int offset, int length) {
    add(bytes, offset, length);
    end(status);
  }

  @Override
  public synchronized void complete(Path file, long offset, long count, Written written) {
    end(status);
  }

  @Override
  public synchronized void fail(int threeDigits, List<Header> headers, Throwable cause) {
    end(threeDigits);
  }

  private void end(int how) {
    ends++;
    end.complete(how);
  }

  @Override
  public void onDisconnect(Runnable listener) {}

  synchronized boolean hasUnwritten() {
    return !unwritten.isEmpty();
  }

  /** The container has written what it was given first. */
  void written() {
    Written first;
    synchronized (this) {
      first = unwritten.remove();
    }
    first.done(null);
  }

  /** Completes with the status when the exchange is over. */
  CompletableFuture<Integer> end() {
    return end;
  }

  synchronized String body() {
    return body.toString();
  }

  /** Checks that the exchange ended at most once, and got bytes of its own request only. */
  synchronized void check() {
    if (!wrong.isEmpty() || ends > 1 || !name.startsWith(body.toString())) {
      throw new AssertionError(name + " got " + this + " " + wrong);
    }
  }

  synchronized void checkEnded(boolean clientLeft) {
    check();
    if (ends == 0 && !clientLeft) {
      throw new AssertionError(name + " never ended");
    }
  }

  synchronized boolean endedOnce() {
    return ends == 1 && wrong.isEmpty();
  }

  synchronized boolean isAnswered() {
    return ends > 0 && status == 200;
  }

  @Override
  public synchronized String toString() {
    return status + "," + ends + "," + body + "," + unwritten.size();
  }
}
