package dev.gangway.spring.observation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.GatewayApplication;
import dev.gangway.ResponseBody;
import dev.gangway.spring.GatewayAutoConfiguration;
import dev.gangway.spring.GatewayMounts;
import dev.gangway.spring.GatewayRegistrationBean;
import dev.gangway.spring.PythonMountCustomizer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;

/** When there are meters and observations of the mounts. */
class ObservationConditionsTest {

  private static final String METERS = "gangwayMountMeters";
  private static final String FILTER = "gangwayObservationFilter";

  private final WebApplicationContextRunner runner =
      new WebApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  GatewayAutoConfiguration.class,
                  GatewayMetricsAutoConfiguration.class,
                  GatewayObservationAutoConfiguration.class));

  private final WebApplicationContextRunner observed =
      runner
          .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
          .withBean(ObservationRegistry.class, ObservationRegistry::create);

  private final WebApplicationContextRunner traced =
      observed
          .withBean(Tracer.class, () -> Tracer.NOOP)
          .withBean(Propagator.class, () -> Propagator.NOOP);

  @Test
  void thereAreMetersObservationsAndTracesWhereThereAreRegistriesAndATracer() {
    traced.run(
        context ->
            assertThat(context)
                .hasBean(METERS)
                .hasSingleBean(MountGauges.class)
                .hasBean(FILTER)
                .hasSingleBean(TraceHeaders.class));
  }

  @Test
  void nothingWithoutARegistry() {
    runner.run(
        context ->
            assertThat(context)
                .doesNotHaveBean(METERS)
                .doesNotHaveBean(MountGauges.class)
                .doesNotHaveBean(FILTER));
  }

  @Test
  void noMetersThatAreTurnedOff() {
    observed
        .withPropertyValues("management.metrics.enable.gangway=false")
        .run(
            context ->
                assertThat(context)
                    .doesNotHaveBean(METERS)
                    .doesNotHaveBean(MountGauges.class)
                    .hasBean(FILTER));
  }

  @Test
  void noTracesWithoutATracer() {
    observed.run(
        context -> assertThat(context).hasBean(FILTER).doesNotHaveBean(TraceHeaders.class));
  }

  @Test
  void nothingWithoutMounts() {
    traced
        .withPropertyValues("gangway.enabled=false")
        .run(
            context ->
                assertThat(context)
                    .doesNotHaveBean(METERS)
                    .doesNotHaveBean(FILTER)
                    .doesNotHaveBean(TraceHeaders.class));
  }

  @Test
  void mountsWithoutMicrometer() {
    runner
        .withClassLoader(new FilteredClassLoader("io.micrometer"))
        .run(
            context ->
                assertThat(context)
                    .hasSingleBean(GatewayMounts.class)
                    .doesNotHaveBean(METERS)
                    .doesNotHaveBean(FILTER));
  }

  @Test
  void observationsWithoutMicrometerTracing() {
    observed
        .withClassLoader(new FilteredClassLoader("io.micrometer.tracing"))
        .run(context -> assertThat(context).hasBean(FILTER).doesNotHaveBean(TraceHeaders.class));
  }

  @Test
  void whatAMountAtTheRootAnswersIsObservedWhateverItsPath() {
    GatewayApplication none = (environ, startResponse) -> ResponseBody.of("");
    observed
        .withBean("root", GatewayRegistrationBean.class, () -> registration(none, "/"))
        .withBean("shop", GatewayRegistrationBean.class, () -> registration(none, "/shop"))
        .run(
            context ->
                assertThat(((FilterRegistrationBean<?>) context.getBean(FILTER)).getUrlPatterns())
                    .isEqualTo(Set.of("/*", "/shop/*")));
  }

  private static GatewayRegistrationBean registration(GatewayApplication mounted, String path) {
    GatewayRegistrationBean registration = new GatewayRegistrationBean(mounted, path);
    registration.setName(path);
    return registration;
  }

  @Test
  void theUsersOwnMetersAreTaken() {
    observed
        .withBean(METERS, PythonMountCustomizer.class, () -> (mount, application) -> {})
        .withBean(FILTER, String.class, () -> "own")
        .run(
            context ->
                assertThat(context)
                    .hasSingleBean(PythonMountCustomizer.class)
                    .doesNotHaveBean(MountObservationFilter.class));
  }
}
