package dev.gangway.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.gangway.GatewayApplication;
import dev.gangway.python.PythonApplication;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;

class GatewayAutoConfigurationTest {

  private static final AutoConfigurations AUTO_CONFIGURATION =
      AutoConfigurations.of(GatewayAutoConfiguration.class);

  private final WebApplicationContextRunner runner =
      new WebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATION);

  private static String[] shop(String... more) {
    return RunningApplication.fixture("shop", "/shop", "fixtures:hello", more);
  }

  @Configuration(proxyBeanMethods = false)
  static class Applications {
    @Bean
    GatewayApplication unmounted() {
      return SpringSide.says("unmounted");
    }

    @Bean
    @GatewayMount("/annotated")
    GatewayApplication annotated() {
      return SpringSide.says("annotated");
    }

    @Bean
    GatewayRegistrationBean registered() {
      return new GatewayRegistrationBean(SpringSide.says("registered"), "/registered/");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Customizers {
    static final List<String> CALLED = new ArrayList<>();

    @Bean
    @Order(2)
    PythonMountCustomizer second() {
      return (mount, application) -> {
        CALLED.add("second " + mount);
        application.application("fixtures:by_path");
      };
    }

    @Bean
    @Order(1)
    PythonMountCustomizer first() {
      return (mount, application) -> {
        CALLED.add("first " + mount);
        application.application("no_such_module");
      };
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnMounts {
    static final GatewayMounts MOUNTS =
        new GatewayMounts(
            List.of(),
            List.of(),
            new StaticListableBeanFactory()
                .getBeanProvider(ResolvableType.forClass(ServletRegistrationBean.class)));

    @Bean
    GatewayMounts own() {
      return MOUNTS;
    }
  }

  @Test
  void startsAndStopsWithTheContext() {
    List<PythonMount> mounts = new ArrayList<>();
    runner
        .withPropertyValues(shop())
        .run(
            context -> {
              mounts.addAll(context.getBean(GatewayMounts.class).python());
              assertThat(mounts).extracting(PythonMount::name).containsExactly("shop");
              PythonApplication running = mounts.get(0).application();
              assertThat(running).isNotNull();
              assertThat(running.workerPids()).hasSize(1);
            });
    assertThat(mounts.get(0).application()).isNull();
  }

  @Test
  void aContextThatIsStartedAgainHasItsMountsAgain() {
    runner
        .withPropertyValues(shop())
        .run(
            context -> {
              PythonMount mount = context.getBean(GatewayMounts.class).python().get(0);
              context.getSourceApplicationContext().stop();
              assertThat(mount.application()).isNull();
              context.getSourceApplicationContext().start();
              assertThat(mount.application()).isNotNull();
            });
  }

  @Test
  void startsThoughBeansAreLazy() {
    runner
        .withInitializer(
            context ->
                context.addBeanFactoryPostProcessor(
                    new LazyInitializationBeanFactoryPostProcessor()))
        .withPropertyValues(shop())
        .run(
            context ->
                assertThat(context.getBean(GatewayMounts.class).python().get(0).application())
                    .isNotNull());
  }

  @Test
  void startsBeforeAndStopsAfterTheWebServer() {
    runner.run(
        context ->
            assertThat(context.getBean(PythonMountLifecycle.class).getPhase())
                .isLessThan(Integer.MAX_VALUE - 2048));
  }

  @Test
  void mountsNothingWithoutMounts() {
    runner.run(context -> assertThat(context.getBean(GatewayMounts.class).all()).isEmpty());
  }

  @Test
  void isOffIfItIsDisabled() {
    runner
        .withPropertyValues(shop())
        .withPropertyValues("gangway.enabled=false")
        .run(
            context ->
                assertThat(context)
                    .doesNotHaveBean(GatewayMounts.class)
                    .doesNotHaveBean(PythonMountLifecycle.class));
  }

  @Test
  void isOffWhereThereAreNoServlets() {
    new ApplicationContextRunner()
        .withConfiguration(AUTO_CONFIGURATION)
        .run(context -> assertThat(context).doesNotHaveBean(GatewayMounts.class));
    new ReactiveWebApplicationContextRunner()
        .withConfiguration(AUTO_CONFIGURATION)
        .run(context -> assertThat(context).doesNotHaveBean(GatewayMounts.class));
  }

  @Test
  void leavesOutAMountThatIsDisabled() {
    runner
        .withPropertyValues(shop("enabled=false"))
        .run(context -> assertThat(context.getBean(GatewayMounts.class).all()).isEmpty());
  }

  @Test
  void backsOffForTheMountsOfTheUser() {
    runner
        .withUserConfiguration(OwnMounts.class)
        .withPropertyValues(shop())
        .run(
            context -> assertThat(context).getBean(GatewayMounts.class).isSameAs(OwnMounts.MOUNTS));
  }

  @Test
  void findsAllKindsOfMounts() {
    runner
        .withUserConfiguration(Applications.class)
        .withPropertyValues(
            "gangway.mounts.named.path=/named", "gangway.mounts.named.bean=unmounted")
        .run(
            context ->
                assertThat(context.getBean(GatewayMounts.class).all())
                    .extracting(
                        GatewayRegistrationBean::getServletName, GatewayRegistrationBean::getPath)
                    .containsExactly(
                        tuple("registered", "/registered"),
                        tuple("annotated", "/annotated"),
                        tuple("named", "/named")));
  }

  @Test
  void callsCustomizersInTheirOrder() {
    Customizers.CALLED.clear();
    runner
        .withUserConfiguration(Customizers.class)
        .withPropertyValues(shop())
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(Customizers.CALLED).containsExactly("first shop", "second shop");
            });
  }

  @Test
  void closesTheOtherMountsIfOneFails() throws Exception {
    runner
        .withPropertyValues(shop())
        .withPropertyValues(RunningApplication.fixture("broken", "/broken", "no_such_module"))
        .run(context -> assertThat(context).hasFailed());
    assertThat(
            ManagementFactory.getPlatformMBeanServer()
                .queryNames(new ObjectName("dev.gangway:type=PythonApplication,*"), null))
        .isEmpty();
  }

  @Test
  void failsWithTheContext() {
    runner
        .withPropertyValues(RunningApplication.fixture("shop", "/shop", "no_such_module"))
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("No module named 'no_such_module'"));
  }
}
