package dev.gangway.samples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What visitors and the harbour office do, wherever the site is mounted. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SiteScenario {

  private static final int MEBIBYTE = 1024 * 1024;
  private static final Pattern STYLE_SHEET =
      Pattern.compile("href=\"([^\"]+harbour[^\"]*\\.css)\"");
  private static final Pattern ADMIN_STYLE_SHEET =
      Pattern.compile("href=\"([^\"]*/admin/css/base[^\"]*\\.css)\"");

  private final String program;
  private RunningSample sample;
  Visitor visitor;

  SiteScenario(String program) {
    this.program = program;
  }

  /** Variables for the site's processes, beside those of this one. */
  Map<String, String> environment() {
    return Map.of();
  }

  /** The Django that must be running, such as "5.2", or "" for any. */
  String django() {
    return "";
  }

  @BeforeAll
  void start() throws Exception {
    sample = RunningSample.start(program, environment());
  }

  @AfterAll
  void stop() throws Exception {
    if (sample != null) {
      sample.close();
    }
  }

  @BeforeEach
  void arrive() {
    visitor = new Visitor(sample.uri());
  }

  private void logIn() throws IOException, InterruptedException {
    HttpResponse<String> page =
        visitor.submit(
            "admin/login/?next=" + sample.uri().getPath() + "admin/",
            Map.of("username", "admin", "password", "gangway"));
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("Harbour office").contains("Bookings");
  }

  private static String sha256(byte[] content) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }

  @Test
  void showsThePublicPage() throws Exception {
    HttpResponse<String> page = visitor.get("");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body())
        .contains("The harbour tonight")
        .contains("href=\"" + sample.uri().getPath() + "book/\"");
  }

  @Test
  void runsTheDjangoThatItShould() throws Exception {
    assertThat(visitor.get("bench/version").body()).startsWith(django());
  }

  @Test
  void leavesStaticFilesToTheContainer() throws Exception {
    HttpResponse<String> page = visitor.get("admin/login/");
    for (String address :
        List.of(
            Visitor.found(STYLE_SHEET, visitor.get("")), Visitor.found(ADMIN_STYLE_SHEET, page))) {
      HttpResponse<String> sheet = visitor.get(address);
      assertThat(sheet.statusCode()).as(address).isEqualTo(200);
      assertThat(sheet.headers().firstValue("Content-Type").orElse("")).startsWith("text/css");
      // Django's security middleware would have left its mark.
      assertThat(sheet.headers().map()).doesNotContainKey("x-content-type-options");

      String tag = sheet.headers().firstValue("ETag").orElseThrow();
      assertThat(visitor.send(visitor.request(address).header("If-None-Match", tag)).statusCode())
          .isEqualTo(304);
      HttpResponse<String> part =
          visitor.send(visitor.request(address).header("Range", "bytes=0-9"));
      assertThat(part.statusCode()).isEqualTo(206);
      assertThat(part.body()).isEqualTo(sheet.body().substring(0, 10));
    }
  }

  @Test
  void theOfficeAddsAndChangesABerth() throws Exception {
    logIn();
    HttpResponse<String> list =
        visitor.submit(
            "admin/berths/berth/add/",
            Map.of(
                "pier", "S",
                "number", "77",
                "length", "11.5",
                "depth", "2.8",
                "price", "19.00",
                "bookings-TOTAL_FORMS", "0",
                "bookings-INITIAL_FORMS", "0"));
    assertThat(list.body()).contains("was added successfully").contains(">S77<");
    String change =
        Visitor.found(
            Pattern.compile("href=\"([^\"]*/admin/berths/berth/\\d+/change/)[^\"]*\">S77<"), list);

    HttpResponse<String> changed =
        visitor.submit(
            change,
            Map.of(
                "pier", "S",
                "number", "77",
                "length", "11.5",
                "depth", "2.8",
                "price", "23.50",
                "notes", "Beside the crane — smørbrød at the kiosk",
                "bookings-TOTAL_FORMS", "0",
                "bookings-INITIAL_FORMS", "0"));
    assertThat(changed.body()).contains("was changed successfully");
    assertThat(visitor.get("berths/S77/").body())
        .contains("23.50 €")
        .contains("Beside the crane — smørbrød at the kiosk");
  }

  @Test
  void aVisitorBooksABerth() throws Exception {
    String berth =
        Visitor.found(
            Pattern.compile("<option value=\"(\\d+)\">G2</option>"), visitor.get("book/"));
    LocalDate arrival =
        LocalDate.now(ZoneId.of("Europe/Oslo")).plusDays(40 + new Random().nextInt(300));
    HttpResponse<String> booking =
        visitor.submit(
            "book/",
            Map.of(
                "berth", berth,
                "boat", "Blå Jungfrun",
                "boat_length", "7.5",
                "skipper", "Sven & Åsa",
                "email", "sven@example.org",
                "arrival", arrival.toString(),
                "departure", arrival.plusDays(3).toString()));
    assertThat(booking.statusCode()).isEqualTo(200);
    assertThat(booking.uri().getPath()).contains("/bookings/");
    assertThat(booking.body()).contains("Blå Jungfrun").contains("3 nights");
  }

  @Test
  void refusesAFormWithoutTheToken() throws Exception {
    visitor.get("book/");
    HttpResponse<String> answer = visitor.post("book/", Map.of("boat", "Petrel"));
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("The form was not accepted");
  }

  @Test
  void keepsAnUploadOfTwentyMebibytesWithItsChecksum() throws Exception {
    byte[] content = new byte[20 * MEBIBYTE];
    new Random(11).nextBytes(content);
    logIn();
    HttpResponse<String> paper =
        visitor.upload("office/papers/", "Insurance", "certificate.bin", content);
    assertThat(paper.statusCode()).isEqualTo(200);
    assertThat(paper.body())
        .contains("<span id=\"size\">" + content.length + "</span>")
        .contains(sha256(content));

    HttpResponse<byte[]> file = visitor.download(paper.uri().getPath() + "file");
    assertThat(file.statusCode()).isEqualTo(200);
    assertThat(file.headers().firstValueAsLong("Content-Length").orElse(-1))
        .isEqualTo(content.length);
    assertThat(file.headers().firstValue("Content-Disposition").orElse(""))
        .contains("attachment")
        .contains("certificate.bin");
    assertThat(sha256(file.body())).isEqualTo(sha256(content));
  }

  @Test
  void streamsTheLogbook() throws Exception {
    logIn();
    HttpResponse<String> logbook = visitor.get("office/logbook.csv");
    assertThat(logbook.statusCode()).isEqualTo(200);
    assertThat(logbook.headers().firstValue("Content-Length")).isEmpty();
    assertThat(logbook.headers().firstValue("Content-Type").orElse(""))
        .matches("text/csv; ?charset=utf-8");
    assertThat(logbook.body().lines().findFirst().orElse("")).startsWith("reference,berth,boat");
    assertThat(logbook.body()).contains("Étoile de mer").endsWith("\r\n");
  }

  @Test
  void leavesByPost() throws Exception {
    logIn();
    assertThat(visitor.get("office/").body()).contains("To be confirmed");
    HttpResponse<String> left =
        visitor.post(
            "account/logout/",
            Map.of("csrfmiddlewaretoken", Visitor.token(visitor.get("office/"))));
    assertThat(left.statusCode()).isEqualTo(200);
    assertThat(left.uri()).isEqualTo(sample.uri());
    assertThat(visitor.get("office/").uri().getPath()).endsWith("/account/login/");
  }

  @Test
  void leavesTheAdministrationByPostAndByGetWhereDjangoLets() throws Exception {
    logIn();
    String major = visitor.get("bench/version").body().replaceFirst("\\..*", "");
    assertThat(visitor.get("account/logout/").statusCode())
        .isEqualTo(Integer.parseInt(major) < 5 ? 200 : 405);
    logIn();
    HttpResponse<String> left =
        visitor.post(
            "admin/logout/",
            Map.of("csrfmiddlewaretoken", Visitor.token(visitor.get("office/papers/"))));
    assertThat(left.statusCode()).isEqualTo(200);
    assertThat(visitor.get("admin/").uri().getPath()).endsWith("/admin/login/");
  }

  @Test
  void namesWhatIsNotThere() throws Exception {
    HttpResponse<String> page = visitor.get("no/such/page/");
    assertThat(page.statusCode()).isEqualTo(404);
    assertThat(page.body())
        .contains("Nothing moored here")
        .contains(sample.uri().getPath() + "no/such/page/");
  }

  @Test
  void keepsItsFailuresToItself() throws Exception {
    HttpResponse<String> page = visitor.get("bench/fail");
    assertThat(page.statusCode()).isEqualTo(500);
    assertThat(page.body()).contains("Something broke on our side").doesNotContain("RuntimeError");
    // The log takes a way of its own.
    await()
        .untilAsserted(
            () -> assertThat(sample.output()).contains("RuntimeError: This view always fails"));
  }

  @Test
  void answersWithJson() throws Exception {
    HttpResponse<String> berths = visitor.get("api/berths/?day=2031-01-01");
    assertThat(berths.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(berths.body())
        .contains("\"day\": \"2031-01-01\"")
        .contains("\"url\": \"" + sample.uri() + "berths/N1/\"");
  }

  @Test
  void hasAFlaskApplicationBeside() throws Exception {
    HttpResponse<String> page = visitor.get("flask/");
    assertThat(page.body())
        .contains("metres</strong>")
        .contains("action=\"" + sample.uri().getPath() + "flask/unit\"");
    assertThat(visitor.post("flask/unit", Map.of("unit", "feet")).body()).contains("feet</strong>");
    assertThat(visitor.get("flask/level.json").body()).contains("\"metres\":");
  }

  @Test
  void hasAJavaApplicationBeside() throws Exception {
    HttpResponse<String> spelled = visitor.get("java/?word=Storvik");
    assertThat(spelled.body()).contains("Sierra Tango Oscar Romeo Victor India Kilo");
    assertThat(spelled.headers().firstValue("Server-Timing").orElse("")).startsWith("app;dur=");
    HttpResponse<String> lines =
        visitor.send(visitor.request("java/spell").POST(BodyPublishers.ofString("ab\nz", UTF_8)));
    assertThat(lines.body()).isEqualTo("Alfa Bravo\nZulu\n");
  }
}
