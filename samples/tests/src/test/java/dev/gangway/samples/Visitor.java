package dev.gangway.samples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.CookieManager;
import java.net.CookieStore;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Someone who visits a site: keeps cookies, follows redirects, fills in forms. */
final class Visitor {

  private static final Pattern TOKEN =
      Pattern.compile("name=\"csrfmiddlewaretoken\" value=\"([^\"]+)\"");
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private final URI site;
  private final CookieManager cookies = new CookieManager();
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .cookieHandler(cookies)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  Visitor(URI site) {
    this.site = site;
  }

  /** A request for a path in the site, or for a whole path when it begins with a slash. */
  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(site.resolve(path)).timeout(TIMEOUT);
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString(UTF_8));
  }

  HttpResponse<byte[]> download(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), BodyHandlers.ofByteArray());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  /** Opens the page with a form, fills it in and sends it with the page's token. */
  HttpResponse<String> submit(String path, Map<String, String> fields)
      throws IOException, InterruptedException {
    Map<String, String> all = new LinkedHashMap<>(fields);
    all.put("csrfmiddlewaretoken", token(get(path)));
    return post(path, all);
  }

  /** Sends a form as it is given. */
  HttpResponse<String> post(String path, Map<String, String> fields)
      throws IOException, InterruptedException {
    String body =
        fields.entrySet().stream()
            .map(
                field ->
                    URLEncoder.encode(field.getKey(), UTF_8)
                        + "="
                        + URLEncoder.encode(field.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    return send(
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Referer", site.resolve(path).toString())
            .POST(BodyPublishers.ofString(body)));
  }

  /** Opens the page with a form and sends a file with it. */
  HttpResponse<String> upload(String path, String title, String fileName, byte[] content)
      throws IOException, InterruptedException {
    String boundary = "----gangway" + Long.toHexString(content.length * 31L);
    String part = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"%s\"";
    String head =
        part.formatted("csrfmiddlewaretoken")
            + "\r\n\r\n"
            + token(get(path))
            + "\r\n"
            + part.formatted("title")
            + "\r\n\r\n"
            + title
            + "\r\n"
            + part.formatted("file")
            + "; filename=\""
            + fileName
            + "\"\r\nContent-Type: application/octet-stream\r\n\r\n";
    BodyPublisher body =
        BodyPublishers.concat(
            BodyPublishers.ofString(head),
            BodyPublishers.ofByteArray(content),
            BodyPublishers.ofString("\r\n--" + boundary + "--\r\n"));
    return send(
        request(path)
            .header("Content-Type", "multipart/form-data; boundary=" + boundary)
            .POST(body));
  }

  /** Loses a cookie. */
  void forget(String name) {
    CookieStore store = cookies.getCookieStore();
    HttpCookie lost =
        store.getCookies().stream().filter(it -> it.getName().equals(name)).findAny().orElseThrow();
    assertThat(store.remove(site, lost)).isTrue();
  }

  static String token(HttpResponse<String> page) {
    return found(TOKEN, page);
  }

  /** The first group of what the pattern finds in the page. */
  static String found(Pattern pattern, HttpResponse<String> page) {
    Matcher matcher = pattern.matcher(page.body());
    assertThat(matcher.find())
        .as("%s in %s (%s):\n%s", pattern, page.uri(), page.statusCode(), page.body())
        .isTrue();
    return matcher.group(1);
  }
}
