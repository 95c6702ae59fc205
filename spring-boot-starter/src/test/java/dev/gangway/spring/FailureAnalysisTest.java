package dev.gangway.spring;

import static dev.gangway.spring.RunningApplication.fixture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.GatewayApplication;
import dev.gangway.ResponseBody;
import jakarta.servlet.http.HttpServlet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What is wrong ends in a description and an action, not in a stack trace. */
@ExtendWith(OutputCaptureExtension.class)
class FailureAnalysisTest {

  @Configuration(proxyBeanMethods = false)
  static class Beans {
    @Bean
    GatewayApplication hello() {
      return (environ, startResponse) -> ResponseBody.of("");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Annotated {
    @Bean
    @GatewayMount("/shop/")
    GatewayApplication mounted() {
      return (environ, startResponse) -> ResponseBody.of("");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Other {
    @Bean
    ServletRegistrationBean<HttpServlet> other() {
      return new ServletRegistrationBean<>(new HttpServlet() {}, "/shop/*");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Misplaced {
    @Bean
    @GatewayMount("/text")
    String text() {
      return "";
    }
  }

  private static void fails(Class<?> configuration, String... properties) {
    assertThatThrownBy(
        () ->
            RunningApplication.start(Servers.Tomcat.class, List.of(configuration), properties)
                .close());
  }

  private static void fails(String... properties) {
    fails(Beans.class, properties);
  }

  private static void assertTold(CapturedOutput output, String... what) {
    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .contains(what)
        .doesNotContain("\tat dev.gangway")
        .doesNotContain("\tat org.springframework");
  }

  @Test
  void aPathWithoutASlash(CapturedOutput output) {
    fails(fixture("shop", "shop", "fixtures:hello"));
    assertTold(
        output,
        "The mount \"shop\" has a malformed path: \"shop\".",
        "Property: gangway.mounts.shop.path",
        "Value: \"shop\"",
        "Origin: \"gangway.mounts.shop.path\" from property source \"commandLineArgs\"",
        "Begin it with a slash");
  }

  @Test
  void aPathThatIsMissing(CapturedOutput output) {
    fails("gangway.mounts.shop.application=fixtures:hello");
    assertTold(output, "The property gangway.mounts.shop.path is missing.", "such as /shop.");
  }

  @Test
  void aPathThatIsTaken(CapturedOutput output) {
    fails(Annotated.class, fixture("shop", "/shop", "fixtures:hello"));
    assertTold(
        output,
        "The path \"/shop/\" is mounted twice: by @GatewayMount of the bean \"mounted\" and by"
            + " gangway.mounts.shop.path.",
        "Give one of them another path.");
  }

  @Test
  void theRootBesideSpringMvc(CapturedOutput output) {
    fails(fixture("shop", "/", "fixtures:hello"));
    assertTold(
        output,
        "The mount \"shop\" and the servlet \"dispatcherServlet\" have the same path.",
        "spring.mvc.servlet.path=/api");
  }

  @Test
  void aNameThatIsTaken(CapturedOutput output) {
    fails(Annotated.class, fixture("mounted", "/other", "fixtures:hello"));
    assertTold(output, "Two mounts have the name \"mounted\".", "Give gangway.mounts.mounted.path");
  }

  @Test
  void aPathThatAServletHas(CapturedOutput output) {
    fails(Other.class, fixture("shop", "/shop", "fixtures:hello"));
    assertTold(output, "The mount \"shop\" and the servlet \"other\" have the same path.");
  }

  @Test
  void anAnnotationOnAnotherBean(CapturedOutput output) {
    fails(Misplaced.class);
    assertTold(
        output,
        "The bean \"text\" has @GatewayMount, but is no GatewayApplication.",
        "dev.gangway.GatewayApplication");
  }

  @Test
  void aFolderOfStaticFilesThatIsMissing(CapturedOutput output) {
    fails(fixture("shop", "/shop", "fixtures:hello", "static-map.static=/no/folder"));
    assertTold(
        output,
        "The mount \"shop\" has static files in a folder that is missing: /no/folder",
        "Property: gangway.mounts.shop.static-map.static",
        "collectstatic");
  }

  @Test
  void aPathOfStaticFilesThatIsMalformed(CapturedOutput output) {
    fails(fixture("shop", "/shop", "fixtures:hello", "static-map[/static/*]=."));
    assertTold(output, "The mount \"shop\" has static files at a malformed path: \"/static/*\".");
  }

  @Test
  void anApplicationThatIsMissing(CapturedOutput output) {
    fails("gangway.mounts.shop.path=/shop");
    assertTold(
        output,
        "The property gangway.mounts.shop.application is missing.",
        "such as mysite.wsgi:application");
  }

  @Test
  void aBeanThatIsMissing(CapturedOutput output) {
    fails("gangway.mounts.shop.path=/shop", "gangway.mounts.shop.bean=helo");
    assertTold(
        output,
        "The mount \"shop\" names no bean of type GatewayApplication: \"helo\".",
        "Name one of [hello].");
  }

  @Test
  void aBeanAndAnApplication(CapturedOutput output) {
    fails(fixture("shop", "/shop", "fixtures:hello", "bean=hello"));
    assertTold(output, "The mount \"shop\" has a bean and a Python application.", "Remove one");
  }

  @Test
  void aFolderThatIsMissing(CapturedOutput output) {
    fails(fixture("shop", "/shop", "fixtures:hello", "chdir=/no/folder"));
    assertTold(
        output,
        "The mount \"shop\" does not start: chdir is not a folder: /no/folder",
        "Property: gangway.mounts.shop.chdir",
        "Set it to the folder of the application.");
  }

  @Test
  void anInterpreterThatIsMissing(CapturedOutput output) {
    fails(fixture("shop", "/shop", "fixtures:hello", "python=no/python"));
    assertTold(
        output,
        "The mount \"shop\" does not start: The Python interpreter",
        "Property: gangway.mounts.shop.python",
        "or to the folder of a virtual environment");
  }

  @Test
  void anApplicationThatDoesNotImport(CapturedOutput output) {
    fails(fixture("shop", "/shop", "fails_at_import:application"));
    assertTold(
        output,
        "The mount \"shop\" does not start: fails_at_import:application",
        "Traceback (most recent call last)",
        "Property: gangway.mounts.shop.application",
        "Correct what the last line tells.");
  }

  @Test
  void aModuleThatIsMissing(CapturedOutput output) {
    fails(fixture("shop", "/shop", "no_such_module:application"));
    assertTold(
        output,
        "ModuleNotFoundError: No module named 'no_such_module'",
        "If a module is missing, is gangway.mounts.shop.chdir the folder",
        "src/test/python\" and \"");
  }

  @Test
  void aValueOutOfItsRange(CapturedOutput output) {
    fails(fixture("shop", "/shop", "fixtures:hello", "threads=0"));
    assertTold(
        output,
        "threads must be between 1 and 1024, not 0",
        "Property: gangway.mounts.shop.threads");
  }

  @Test
  void aUmaskThatYamlReadAsANumber(CapturedOutput output) {
    fails(fixture("shop", "/shop", "fixtures:hello", "umask=23"));
    assertTold(
        output,
        "umask must begin with a 0 and be in quotes, such as \"027\", not 23",
        "Property: gangway.mounts.shop.umask");
  }

  @Test
  void aValueThatIsNoDuration(CapturedOutput output) {
    fails(fixture("shop", "/shop", "fixtures:hello", "timeout=soon"));
    assertTold(output, "Property: gangway.mounts.shop.timeout", "Value: \"soon\"", "Duration");
  }

  @Test
  void aPropertyThatDoesNotExist(CapturedOutput output) {
    fails(fixture("shop", "/shop", "fixtures:hello", "wokers=2"));
    assertTold(output, "Property: gangway.mounts.shop.wokers");
  }
}
