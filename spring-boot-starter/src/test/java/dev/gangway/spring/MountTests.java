package dev.gangway.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What is mounted answers, in each web server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class MountTests {

  private final Class<?> server;
  private RunningApplication application;

  MountTests(Class<?> server) {
    this.server = server;
  }

  @BeforeAll
  void start() {
    application =
        RunningApplication.start(
            server, List.of(), RunningApplication.fixture("shop", "/shop", "fixtures:by_path"));
  }

  @AfterAll
  void stop() {
    application.close();
  }

  @Test
  void thePathIsSplitWhereTheMountIs() throws Exception {
    HttpResponse<String> response = application.get("/shop/environ_dump/a%20b?c=d");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body())
        .contains("SCRIPT_NAME='/shop/environ_dump'")
        .contains("PATH_INFO='/a b'")
        .contains("QUERY_STRING='c=d'");
  }
}
