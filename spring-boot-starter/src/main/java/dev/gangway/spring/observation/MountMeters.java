package dev.gangway.spring.observation;

import dev.gangway.python.PythonListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Meters of what happens in one mount. Their tags have few values: the mount's name, and enums.
 * Safe for many threads.
 */
final class MountMeters implements PythonListener {

  private record Result(Outcome outcome, String statusClass) {}

  private final MeterRegistry registry;
  private final Tags mount;
  private final Map<Result, Timer> requests = new ConcurrentHashMap<>();
  private final Timer queueTime;
  private final DistributionSummary responseSize;

  /**
   * Meters of a mount. Those that tell of trouble are there from the start, at zero, so that the
   * first time can be seen.
   *
   * @param name of the mount
   */
  MountMeters(MeterRegistry registry, String name) {
    this.registry = registry;
    this.mount = Tags.of("mount", name);
    queueTime =
        Timer.builder("gangway.requests.queue")
            .description("How long complete requests waited for a worker")
            .tags(mount)
            .register(registry);
    responseSize =
        DistributionSummary.builder("gangway.response.size")
            .description("What applications sent in response bodies, without files")
            .baseUnit(BaseUnits.BYTES)
            .tags(mount)
            .register(registry);
    requests(Outcome.LOST, 502);
    requests(Outcome.TIMED_OUT, 504);
    requests(Outcome.REJECTED, 503);
    for (EndReason reason : EndReason.values()) {
      if (isRestart(reason)) {
        restarts(reason);
      }
    }
  }

  @Override
  public void requestFinished(FinishedRequest request) {
    requests(request.outcome(), request.status())
        .record(request.queueTime().plus(request.serviceTime()));
    if (request.outcome() == Outcome.ANSWERED || request.outcome() == Outcome.REJECTED) {
      queueTime.record(request.queueTime());
    }
    if (request.outcome() == Outcome.ANSWERED) {
      responseSize.record((double) request.bytes());
    }
  }

  @Override
  public void workerEnded(EndedWorker worker) {
    if (isRestart(worker.reason())) {
      restarts(worker.reason()).increment();
    }
  }

  private Timer requests(Outcome outcome, int status) {
    String statusClass = statusClass(status);
    return requests.computeIfAbsent(
        new Result(outcome, statusClass),
        result ->
            Timer.builder("gangway.requests")
                .description("Requests from their arrival as a whole to the end of the response")
                .tags(mount.and("outcome", outcome.name(), "status", statusClass))
                .register(registry));
  }

  private Counter restarts(EndReason reason) {
    return Counter.builder("gangway.workers.restarts")
        .description("Workers that ended and are replaced")
        .tags(mount.and("reason", reason.name()))
        .register(registry);
  }

  /** Whether there is another worker after one that ended so. */
  private static boolean isRestart(EndReason reason) {
    return reason != EndReason.CLOSED && reason != EndReason.DISMISSED;
  }

  /** An application may answer with any three digits. */
  private static String statusClass(int status) {
    return switch (status / 100) {
      case 1 -> "1xx";
      case 2 -> "2xx";
      case 3 -> "3xx";
      case 4 -> "4xx";
      case 5 -> "5xx";
      default -> "unknown";
    };
  }
}
