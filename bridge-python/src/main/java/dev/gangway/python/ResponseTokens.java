package dev.gangway.python;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tokens in the response FIFO. Each is written whole; what a broken worker wrote between
 * them is dropped, and no token is lost by that. For one thread.
 */
final class ResponseTokens {

  private static final Logger LOG = System.getLogger(ResponseTokens.class.getName());

  /** So many bytes are read in one call; a larger buffer would be allocated natively each time. */
  private static final int BATCH = 511 * Token.SIZE;

  private static final long LOG_AGAIN = Duration.ofSeconds(1).toNanos();

  private final Fifo fifo;
  private final int slots;
  private final byte[] bytes = new byte[Token.SIZE + BATCH];
  private final ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  private long dropped;
  private long logged = System.nanoTime() - LOG_AGAIN;

  /**
   * The tokens of a FIFO.
   *
   * @param slots tokens have a slot number below it, or -1
   */
  ResponseTokens(Fifo fifo, int slots) {
    this.fifo = fifo;
    this.slots = slots;
    buffer.limit(0);
  }

  /** Waits until something is there; for when {@link #next} has none. */
  void await() throws IOException {
    buffer.compact();
    int left = buffer.position();
    buffer.position(0).limit(left + fifo.read(bytes, left, BATCH));
  }

  /** The next token that has been read, or null if there is none. */
  @Nullable Token next() {
    while (buffer.remaining() >= Token.SIZE) {
      Token token = Token.read(buffer);
      if (isOurs(token)) {
        return token;
      }
      // The next one may begin at any byte behind this.
      buffer.position(buffer.position() - Token.SIZE + 1);
      dropped++;
    }
    if (dropped > 0 && System.nanoTime() - logged >= LOG_AGAIN) {
      LOG.log(
          Level.ERROR,
          "Somebody wrote into the response FIFO what is no answer: {0} bytes were dropped",
          dropped);
      dropped = 0;
      logged = System.nanoTime();
    }
    return null;
  }

  private boolean isOurs(Token token) {
    return (token.kind() & 0xffff_0000) == Token.MARK && token.slot() >= -1 && token.slot() < slots;
  }
}
