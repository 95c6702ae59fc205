package dev.gangway.spring;

import static dev.gangway.spring.RunningApplication.fixture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.GatewayApplication;
import dev.gangway.Header;
import dev.gangway.ResponseBody;
import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Spring Security's rules, users and tokens and what is mounted, in each web server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SecurityTests {

  private static final String FORM = "application/x-www-form-urlencoded";

  @Configuration(proxyBeanMethods = false)
  static class Rules {
    @Bean
    SecurityFilterChain rules(HttpSecurity http) throws Exception {
      return http.authorizeHttpRequests(
              rules ->
                  rules
                      .dispatcherTypeMatchers(DispatcherType.ERROR)
                      .permitAll()
                      .requestMatchers(GatewayRequest.toMount("open"))
                      .permitAll()
                      .requestMatchers(GatewayRequest.toMount("office"))
                      .hasRole("ADMIN")
                      .anyRequest()
                      .authenticated())
          .csrf(csrf -> csrf.ignoringRequestMatchers(GatewayRequest.toMount("shop", "django")))
          .httpBasic(Customizer.withDefaults())
          .formLogin(Customizer.withDefaults())
          .build();
    }

    @Bean
    InMemoryUserDetailsManager users() {
      return new InMemoryUserDetailsManager(
          User.withUsername("kari")
              .password("{noop}secret")
              .authorities("ROLE_USER", "harbour,master")
              .build(),
          User.withUsername("admin").password("{noop}secret").roles("ADMIN").build());
    }

    @Bean
    MountEnvironCustomizer greeting() {
      return (mount, environ, request) -> {
        if (request.getUserPrincipal() != null) {
          environ.putText("example.greeting", "H\u00e5 " + environ.string("REMOTE_USER"));
          environ.putText("example.mount", mount);
        }
      };
    }

    @Bean
    @GatewayMount("/office")
    GatewayApplication office() {
      return (environ, startResponse) -> {
        startResponse.start(
            "200 OK",
            List.of(
                new Header("X-Frame-Options", "SAMEORIGIN"),
                new Header("Cache-Control", "max-age=60")));
        return ResponseBody.of("the office");
      };
    }

    @RestController
    static class Pages {
      @GetMapping("/token")
      String token(CsrfToken token) {
        return token.getToken();
      }

      @PostMapping("/order")
      String order() {
        return "ordered";
      }
    }
  }

  private final Class<?> server;
  private RunningApplication application;

  SecurityTests(Class<?> server) {
    this.server = server;
  }

  @BeforeAll
  void start(@TempDir Path folder) {
    application =
        RunningApplication.start(
            server,
            List.of(Rules.class, Rules.Pages.class),
            Stream.of(
                    new String[] {"spring.autoconfigure.exclude="},
                    fixture("shop", "/shop", "fixtures:by_path"),
                    fixture("open", "/open", "fixtures:by_path"),
                    fixture(
                        "django",
                        "/django",
                        "remote_user:application",
                        "env.DATABASE=" + folder.resolve("users.sqlite3")))
                .flatMap(Stream::of)
                .toArray(String[]::new));
  }

  @AfterAll
  void stop() {
    application.close();
  }

  private HttpRequest.Builder as(String user, String path) {
    String credentials = user + ":secret";
    return application
        .request(path)
        .header(
            "Authorization",
            "Basic "
                + Base64.getEncoder()
                    .encodeToString(credentials.getBytes(StandardCharsets.US_ASCII)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return application.send(request);
  }

  @Test
  void aRuleSendsABrowserToTheLogin() throws Exception {
    HttpResponse<String> response =
        send(application.request("/shop/hello").header("Accept", "text/html"));
    assertThat(response.statusCode()).isEqualTo(302);
    assertThat(response.headers().firstValue("Location").orElseThrow()).endsWith("/login");
  }

  @Test
  void aRuleDeniesAScriptThatDoesNotLogIn() throws Exception {
    HttpResponse<String> response =
        send(application.request("/shop/hello").header("X-Requested-With", "XMLHttpRequest"));
    assertThat(response.statusCode()).isEqualTo(401);
  }

  @Test
  void aRuleAsksForARole() throws Exception {
    assertThat(send(as("kari", "/office")).statusCode()).isEqualTo(403);
    assertThat(send(as("kari", "/office/x%20y;z=1")).statusCode()).isBetween(400, 403);
    assertThat(send(as("admin", "/office/x")).body()).isEqualTo("the office");
  }

  @Test
  void userAndAuthoritiesReachPython() throws Exception {
    String body = send(as("kari", "/shop/environ_dump")).body();
    assertThat(body).contains("REMOTE_USER='kari'", "AUTH_TYPE='UsernamePassword'");
    String authorities =
        body.lines()
            .filter(line -> line.startsWith("gangway.authorities="))
            .findAny()
            .orElseThrow();
    assertThat(authorities.replaceFirst(".*='(.*)'", "$1").split(",", -1))
        .contains("ROLE_USER", "harbour%2Cmaster")
        .doesNotContain("ROLE_ADMIN");
  }

  @Test
  void aBeanTellsPythonMore() throws Exception {
    assertThat(send(as("kari", "/shop/environ_dump")).body())
        .contains("example.greeting='H\u00c3\u00a5 kari'")
        .contains("example.mount='shop'");
  }

  @Test
  void noHeaderOfAClientBecomesAUser() throws Exception {
    String body =
        send(application
                .request("/open/environ_dump")
                .header("Remote-User", "admin")
                .header("REMOTE_USER", "admin")
                .header("Auth-Type", "forged")
                .header("Gangway-Authorities", "ROLE_ADMIN")
                .header("gangway.authorities", "ROLE_ADMIN")
                .header("gangway_authorities", "ROLE_ADMIN"))
            .body();
    assertThat(body.lines().map(line -> line.replaceFirst("=.*", "")))
        .contains("REQUEST_METHOD", "HTTP_REMOTE_USER", "HTTP_GANGWAY_AUTHORITIES")
        .doesNotContain("REMOTE_USER", "AUTH_TYPE", "gangway.authorities", "example.mount");
    assertThat(
            send(as("kari", "/shop/environ_dump")
                    .header("Gangway-Authorities", "ROLE_ADMIN")
                    .header("gangway.authorities", "ROLE_ADMIN"))
                .body()
                .lines()
                .filter(line -> line.startsWith("gangway.authorities=")))
        .singleElement()
        .asString()
        .doesNotContain("ROLE_ADMIN");
  }

  @Test
  void djangoKnowsTheUser() throws Exception {
    assertThat(send(as("kari", "/django/")).body()).isEqualTo("kari|kari|UsernamePassword");
  }

  @Test
  void aFormOfAMountNeedsNoTokenOfSpring() throws Exception {
    HttpResponse<String> response =
        send(
            as("kari", "/shop/echo")
                .header("Content-Type", FORM)
                .POST(BodyPublishers.ofString("b=2&a=1&a=%20")));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("b=2&a=1&a=%20");
  }

  @Test
  void aMultipartFormReachesPythonAsItIs() throws Exception {
    String form = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--\r\n";
    HttpResponse<String> response =
        send(
            as("kari", "/shop/echo")
                .header("Content-Type", "multipart/form-data; boundary=x")
                .POST(BodyPublishers.ofString(form)));
    assertThat(response.body()).isEqualTo(form);
  }

  @Test
  void elsewhereSpringStillWantsItsToken() throws Exception {
    for (String path : List.of("/order", "/open/echo")) {
      HttpResponse<String> without =
          send(as("kari", path).header("Content-Type", FORM).POST(BodyPublishers.ofString("a=1")));
      assertThat(without.statusCode()).as(path).isEqualTo(403);
    }
    HttpResponse<String> token = send(as("kari", "/token"));
    String cookie = token.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
    for (String path : List.of("/order", "/open/echo")) {
      HttpResponse<String> with =
          send(
              as("kari", path)
                  .header("Cookie", cookie)
                  .header("Content-Type", FORM)
                  .POST(BodyPublishers.ofString("a=1&_csrf=" + token.body())));
      assertThat(with.statusCode()).as(path).isEqualTo(200);
      assertThat(with.body()).isIn("ordered", "a=1&_csrf=" + token.body());
    }
  }

  @Test
  void largeBodiesPassSecurity() throws Exception {
    byte[] body = new byte[3_000_000];
    String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    assertThat(send(as("kari", "/shop/digest").POST(BodyPublishers.ofByteArray(body))).body())
        .isEqualTo("3000000 " + digest);
    assertThat(send(as("kari", "/shop/large?3000000")).body()).hasSize(3_000_000);
    assertThat(send(as("kari", "/shop/stream?100")).statusCode()).isEqualTo(200);
  }

  @Test
  void aResponseThatBreaksIsNotComplete() throws Exception {
    assertThat(send(as("kari", "/shop/raises")).statusCode()).isEqualTo(500);
    assertThatThrownBy(() -> send(as("kari", "/shop/raises_later")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void securityAddsItsHeadersAndRepeatsNone() throws Exception {
    HttpResponse<String> java = send(as("admin", "/office"));
    assertThat(java.headers().allValues("X-Frame-Options")).containsExactly("DENY");
    assertThat(java.headers().allValues("Cache-Control")).containsExactly("max-age=60");
    assertThat(java.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
    HttpResponse<String> python = send(as("kari", "/shop/hello"));
    assertThat(python.headers().allValues("X-Frame-Options")).containsExactly("DENY");
  }
}
