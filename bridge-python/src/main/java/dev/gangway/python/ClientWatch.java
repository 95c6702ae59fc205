package dev.gangway.python;

import dev.gangway.exchange.ClientProbe;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;

/**
 * Looks whether the clients of requests that take long are still there; those that are answered at
 * once cost nothing. Runs on the supervisor's thread.
 */
final class ClientWatch implements Runnable {

  static final Duration PERIOD = Duration.ofMillis(400);

  private static final Logger LOG = System.getLogger(ClientWatch.class.getName());

  /** From when on a request takes long. */
  private static final Duration LONG = Duration.ofMillis(400);

  private final SharedSlots engine;

  ClientWatch(SharedSlots engine) {
    this.engine = engine;
  }

  @Override
  public void run() {
    List<Call> calls = engine.submittedBefore(System.nanoTime() - LONG.toNanos());
    calls.removeIf(call -> call.clientIsGone() || call.disconnected());
    if (calls.isEmpty()) {
      return;
    }
    try (ClientProbe probe = new ClientProbe()) {
      for (Call call : calls) {
        if (call.exchange().isClientGone(probe)) {
          engine.clientIsGone(call);
        }
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "There is no way to look whether clients are still there", e);
    }
  }
}
