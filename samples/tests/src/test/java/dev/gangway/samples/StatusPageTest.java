package dev.gangway.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gangway.jetty.JettyGateway;
import dev.gangway.python.PythonApplication;
import dev.gangway.python.PythonStatusServlet;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page that shows what Python applications are doing. */
class StatusPageTest {

  @TempDir Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private PythonApplication application;
  private JettyGateway gateway;
  private URI uri;

  @BeforeEach
  void start() throws Exception {
    application =
        PythonApplication.builder("tides:application")
            .chdir(Samples.SAMPLES.resolve("flask-app"))
            .python(Samples.python())
            .workers(1)
            .start();
    gateway =
        JettyGateway.builder()
            .bind("127.0.0.1:0")
            .mount("/", application)
            .servlet("/status", new PythonStatusServlet(application))
            .start();
    uri = gateway.uris().get(0);
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private HttpResponse<String> get(String path, String accept) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri.resolve(path)).header("Accept", accept).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void isJsonForProgramsThatAskForIt() throws Exception {
    assertThat(get("/", "text/html").statusCode()).isEqualTo(200);
    for (HttpResponse<String> response :
        java.util.List.of(get("/status", "application/json"), get("/status?format=json", "*/*"))) {
      assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
      assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
      assertThat(response.body())
          .contains(
              "\"application\":\"tides:application\"",
              "\"answered\":1,",
              "\"pid\":" + application.workerPids().get(0) + ",",
              "\"state\":\"serving\"");
      Process json = new ProcessBuilder(Samples.python(), "-m", "json.tool").start();
      json.getOutputStream()
          .write(response.body().getBytes(java.nio.charset.StandardCharsets.UTF_8));
      json.getOutputStream().close();
      assertThat(json.waitFor()).as(response.body()).isZero();
    }
  }

  @Test
  void refreshesByItselfInABrowser() throws Exception {
    Path program = Chromium.require();
    try (Chromium browser = Chromium.start(program, folder)) {
      browser.open(uri.resolve("/status"));
      String pid = Long.toString(application.workerPids().get(0));
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  browser
                      .evaluate("document.getElementById('applications').textContent")
                      .contains(pid));
      assertThat(browser.evaluate("document.querySelector('h2').textContent"))
          .isEqualTo("tides:application");
      String answered =
          "Array.from(document.querySelectorAll('dt')).find(it => it.textContent === 'answered')"
              + ".nextSibling.textContent";
      // The browser has asked for an icon, perhaps.
      int before = Integer.parseInt(browser.evaluate(answered));
      assertThat(before).isBetween(0, 1);
      assertThat(get("/", "text/html").statusCode()).isEqualTo(200);
      assertThat(get("/", "text/html").statusCode()).isEqualTo(200);
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> Integer.parseInt(browser.evaluate(answered)) >= before + 2);
      browser.screenshot(Samples.TARGET.resolve("screenshots/status.png"));
    }
  }
}
