package dev.gangway.samples.spelling;

import dev.gangway.BodyWriter;
import dev.gangway.GatewayApplication;
import dev.gangway.GatewayMiddleware;
import dev.gangway.Header;
import dev.gangway.StartResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A middleware that tells browsers, in the header {@code Server-Timing}, how long the application
 * took to begin its response. Safe for many threads.
 */
public final class ServerTiming implements GatewayMiddleware {

  private final LongSupplier nanoTime;

  /** A middleware that measures with the system's clock. */
  public ServerTiming() {
    this(System::nanoTime);
  }

  ServerTiming(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public GatewayApplication wrap(GatewayApplication application) {
    return (environ, startResponse) -> {
      long begin = nanoTime.getAsLong();
      return application.call(environ, new TimedStart(startResponse, begin));
    };
  }

  private final class TimedStart implements StartResponse {

    private final StartResponse startResponse;
    private final long begin;

    TimedStart(StartResponse startResponse, long begin) {
      this.startResponse = startResponse;
      this.begin = begin;
    }

    @Override
    public BodyWriter start(String status, List<Header> headers, @Nullable Throwable excInfo)
        throws Exception {
      double milliseconds = (nanoTime.getAsLong() - begin) / 1e6;
      List<Header> timed = new ArrayList<>(headers);
      timed.add(
          new Header("Server-Timing", String.format(Locale.ROOT, "app;dur=%.3f", milliseconds)));
      return startResponse.start(status, timed, excInfo);
    }
  }
}
