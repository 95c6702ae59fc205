package dev.gangway.python;

import dev.gangway.exchange.Exchange;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where responses are kept that come faster than their clients read, so that no worker waits for a
 * client. Safe for many threads.
 */
final class ResponseSpool implements AutoCloseable {

  private final Path folder;
  private final long limit;
  private final AtomicLong next = new AtomicLong();

  /** Those that have a file. */
  private final Set<SpooledExchange> open = ConcurrentHashMap.newKeySet();

  /**
   * A spool.
   *
   * @param folder on disk, that only our user can write to
   * @param limit the most bytes of a response that are kept; 0 for none
   */
  ResponseSpool(Path folder, long limit) {
    this.folder = folder;
    this.limit = limit;
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
