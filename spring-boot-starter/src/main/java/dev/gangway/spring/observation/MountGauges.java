package dev.gangway.spring.observation;

import dev.gangway.python.PythonApplication;
import dev.gangway.python.PythonSnapshot;
import dev.gangway.spring.PythonMount;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Gauges of what the mounts are doing at the moment; zero while one does not run. */
final class MountGauges implements MeterBinder {

  private final List<PythonMount> mounts;

  MountGauges(List<PythonMount> mounts) {
    this.mounts = mounts;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    mounts.forEach(mount -> bind(mount, registry));
  }

  private static void bind(PythonMount mount, MeterRegistry registry) {
    gauge("gangway.requests.running", mount, PythonSnapshot::running)
        .description("Requests that workers are answering")
        .register(registry);
    gauge("gangway.requests.queued", mount, PythonSnapshot::queued)
        .description("Requests that no worker has taken yet")
        .register(registry);
    gauge("gangway.workers.memory", mount, MountGauges::residentBytes)
        .description("What the workers have in RAM, together")
        .baseUnit(BaseUnits.BYTES)
        .register(registry);
    gauge("gangway.workers.crash.loop", mount, one -> one.crashLoop() == null ? 0 : 1)
        .description("1 while workers die again and again as they start")
        .register(registry);
    for (PythonSnapshot.State state : PythonSnapshot.State.values()) {
      gauge("gangway.workers", mount, one -> workers(one, state))
          .description("Workers in each state")
          .tag("state", state.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }

  private static Gauge.Builder<PythonMount> gauge(
      String name, PythonMount mount, ToDoubleFunction<PythonSnapshot> value) {
    return Gauge.builder(name, mount, now -> value(now, value)).tag("mount", mount.name());
  }

  private static double value(PythonMount mount, ToDoubleFunction<PythonSnapshot> value) {
    PythonApplication application = mount.application();
    return application == null ? 0 : value.applyAsDouble(application.snapshot());
  }

  private static long workers(PythonSnapshot snapshot, PythonSnapshot.State state) {
    return snapshot.workers().stream().filter(worker -> worker.state() == state).count();
  }

  private static long residentBytes(PythonSnapshot snapshot) {
    return snapshot.workers().stream().mapToLong(PythonSnapshot.Worker::residentBytes).sum();
  }
}
