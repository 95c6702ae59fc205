package dev.gangway.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Allocations are exact where times are not: no request may take more than it did. */
class AllocationTest {

  private static final int BATCH = 2000;

  /** Bytes for each operation, all threads of the JVM together. */
  private static final Map<String, Integer> LIMITS =
      new TreeMap<>(
          Map.of(
              "EncodingBenchmark.request", 3650,
              "EncodingBenchmark.responseHead", 980,
              "EnvironBenchmark.environ", 1380,
              "EnvironBenchmark.headers", 350,
              "EnvironBenchmark.responseHead", 245,
              "RoundTripBenchmark.asgi", 10000,
              "RoundTripBenchmark.java", 820,
              "RoundTripBenchmark.wsgi", 5750));

  @Test
  void noOperationAllocatesMoreThanItsLimit() throws Exception {
    // Another run on this machine need not wait for this one, whose times do not matter.
    System.setProperty("jmh.ignoreLock", "true");
    Options options =
        new OptionsBuilder()
            .include("dev\\.gangway\\..*Benchmark\\.")
            .addProfiler(GCProfiler.class)
            .forks(1)
            // It counts what the source says: what C2 removes depends on when it comes to it.
            .jvmArgs("-XX:TieredStopAtLevel=1")
            .mode(Mode.SingleShotTime)
            .warmupIterations(1)
            .warmupBatchSize(BATCH / 2)
            .measurementIterations(1)
            .measurementBatchSize(BATCH)
            .shouldFailOnError(true)
            .build();
    Collection<RunResult> results = new Runner(options).run();
    Map<String, Integer> allocated = new TreeMap<>();
    for (RunResult result : results) {
      String[] name = result.getParams().getBenchmark().split("\\.", -1);
      allocated.put(
          name[name.length - 2] + "." + name[name.length - 1],
          (int) result.getSecondaryResults().get("gc.alloc.rate.norm").getScore() / BATCH);
    }
    assertThat(allocated).containsOnlyKeys(LIMITS.keySet());
    assertThat(allocated)
        .allSatisfy(
            (name, bytes) -> assertThat(bytes).as(name).isLessThanOrEqualTo(LIMITS.get(name)));
  }
}
