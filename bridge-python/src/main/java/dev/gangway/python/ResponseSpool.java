package dev.gangway.python;

import dev.gangway.exchange.Exchange;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where responses are kept that come faster than their clients read, so that no worker waits for a
 * client. Safe for many threads.
 */
final class ResponseSpool implements AutoCloseable {

  private static final Logger LOG = System.getLogger(ResponseSpool.class.getName());

  private final Path folder;
  private final long limit;
  private final long total;
  private final AtomicLong used = new AtomicLong();
  private final AtomicBoolean full = new AtomicBoolean();
  private final AtomicLong next = new AtomicLong();

  /** Those that have a file. */
  private final Set<SpooledExchange> open = ConcurrentHashMap.newKeySet();

  /**
   * A spool.
   *
   * @param folder on disk, that only our user can write to
   * @param limit the most bytes of a response that are kept; 0 for none
   * @param total the most bytes of all files together; 0 for half of what is free there now
   * @throws IOException if the folder's disk does not say what is free
   */
  ResponseSpool(Path folder, long limit, long total) throws IOException {
    this.folder = folder;
    this.limit = limit;
    this.total = total > 0 ? total : Files.getFileStore(folder).getUsableSpace() / 2;
  }

  /** The exchange for a worker that is not to wait for the client. */
  Exchange of(Exchange exchange) {
    return limit == 0 ? exchange : new SpooledExchange(exchange, this);
  }

  long limit() {
    return limit;
  }

  /** A new file, which is gone when it is closed, or when this process ends. */
  FileChannel create(SpooledExchange exchange) throws IOException {
    Path path = folder.resolve("response-" + next.getAndIncrement());
    FileChannel file =
        FileChannel.open(
            path,
            Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.delete(path);
    } catch (IOException e) {
      file.close();
      throw e;
    }
    open.add(exchange);
    return file;
  }

  /** Sets room on disk aside, unless there is not enough. */
  boolean reserve(long bytes) {
    long before = used.get();
    while (bytes <= total - before) {
      if (used.compareAndSet(before, before + bytes)) {
        return true;
      }
      before = used.get();
    }
    if (full.compareAndSet(false, true)) {
      LOG.log(
          Level.WARNING,
          "Workers wait for clients that read slowly: {0} bytes of {1} responses wait for theirs,"
              + " and response-buffer-total is {2}",
          before,
          open.size(),
          total);
    }
    return false;
  }

  /** The room is free. */
  void release(long bytes) {
    if (used.addAndGet(-bytes) < total / 2) {
      full.set(false);
    }
  }

  /** The most bytes that the files may have. */
  long total() {
    return total;
  }

  /** How many bytes the files have. */
  long used() {
    return used.get();
  }

  /** The exchange has closed its file. */
  void closed(SpooledExchange exchange) {
    open.remove(exchange);
  }

  /** How many responses have parts in a file. */
  int size() {
    return open.size();
  }

  /** Breaks off the responses whose clients are still reading. */
  @Override
  public void close() {
    List.copyOf(open).forEach(SpooledExchange::breakOff);
  }
}
