package dev.gangway.python.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.conformance.RawHttp;
import dev.gangway.python.PythonSetting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The same raw requests to another server, gunicorn here, and to Gangway: what the application sees
 * and what the client gets may differ only where {@code docs/conformance.md} says so, and must
 * differ there.
 */
public abstract class DifferentialConformance extends PythonTest {

  private static final List<String> IGNORED_FIELDS =
      List.of("date", "server", "connection", "keep-alive");

  /** Of what the application shows, they follow from what differs there; see {@code /respond/}. */
  private static final List<String> LENGTHS = List.of("content-length", "transfer-encoding");

  /** Different at every request, or the server's own. */
  private static final List<String> IGNORED_KEYS = List.of("REMOTE_PORT", "SERVER_SOFTWARE");

  /** What the server would wait for the rest of. */
  static final List<String> UNFINISHED =
      List.of("body cut short", "chunks cut short", "chunks malformed", "line feeds only");

  /** The container's name in the table: jetty, tomcat or tomcat-war. */
  protected abstract String container();

  @Override
  PythonMount mount() {
    return PythonMount.of("differential").with(PythonSetting.THREADS, "2");
  }

  /** The server that this is compared with, as the page writes its name. */
  String peerName() {
    return "gunicorn";
  }

  /** Starts such a server with the application that {@link #mount} has. */
  interface PeerStart {
    Peer start() throws IOException;
  }

  /** One way of starting that server, and by name the requests that it and Gangway get. */
  record Comparison(PeerStart peer, Map<String, String> requests) {}

  List<Comparison> comparisons() {
    return List.of(
        new Comparison(
            () -> Peer.gunicorn("conformance:differential"), DifferentialRequests.all()));
  }

  /** What the table calls that which the application sees. */
  String seenByApplication() {
    return "environ ";
  }

  private record Listed(String request, String what, String container, String reason) {
    boolean matches(String name, String key, String where) {
      return glob(request, name) && glob(what, key) && glob(container, where);
    }

    private static boolean glob(String pattern, String text) {
      return Pattern.matches(("\\Q" + pattern + "\\E").replace("*", "\\E.*\\Q"), text);
    }
  }

  private List<Listed> listed() throws IOException {
    Path page = Pythons.fixtures().resolve("../../../../docs/conformance.md").normalize();
    List<Listed> rows = new ArrayList<>();
    boolean inSection = false;
    boolean inTable = false;
    for (String line : Files.readAllLines(page)) {
      if (line.startsWith("## ")) {
        inSection = line.equals("## Differences from " + peerName());
      } else if (line.startsWith("| request |")) {
        inTable = inSection;
      } else if (!line.startsWith("|")) {
        inTable = false;
      } else if (inTable && !line.startsWith("|---")) {
        String[] cells = line.replace("\\|", "\u0001").split("\\|", -1);
        assertThat(cells).as(line).hasSize(6);
        assertThat(cells[4].strip()).as("the reason of " + line).isNotEmpty();
        rows.add(new Listed(cell(cells[1]), cell(cells[2]), cell(cells[3]), cells[4].strip()));
      }
    }
    return rows;
  }

  private static String cell(String text) {
    return text.replace("\u0001", "|").replace("`", "").strip();
  }

  @Test
  void differsOnlyWhereTheDocumentationSaysSo() throws Exception {
    Pythons.require(Pythons.has(peerName().toLowerCase(Locale.ROOT)), peerName());
    List<Listed> rows = listed();
    List<Listed> seen = new ArrayList<>();
    List<String> surprises = new ArrayList<>();
    for (Comparison comparison : comparisons()) {
      assertThat(comparison.requests()).hasSizeGreaterThan(30);
      try (Peer peer = comparison.peer().start()) {
        for (Map.Entry<String, String> request : comparison.requests().entrySet()) {
          differences(peer, request)
              .forEach(
                  (key, values) -> {
                    List<Listed> matching =
                        rows.stream()
                            .filter(row -> row.matches(request.getKey(), key, container()))
                            .toList();
                    seen.addAll(matching);
                    if (matching.isEmpty()) {
                      surprises.add(request.getKey() + " | " + key + " | " + values);
                    }
                  });
        }
      }
    }
    assertThat(surprises).as("differences that docs/conformance.md does not list").isEmpty();
    assertThat(
            rows.stream()
                .filter(row -> Listed.glob(row.container, container()) && !seen.contains(row)))
        .as("listed differences that do not occur")
        .isEmpty();
  }

  /** What is not the same, by its name. */
  private Map<String, String> differences(Peer peer, Map.Entry<String, String> request)
      throws Exception {
    Map<String, String> theirs = observe(peer.port(), request);
    Map<String, String> ours = observe(port(), request);
    if (!Objects.equals(theirs.get("status"), ours.get("status"))) {
      // One of them refuses: everything else differs too.
      theirs.keySet().retainAll(List.of("status"));
      ours.keySet().retainAll(List.of("status"));
    }
    TreeSet<String> keys = new TreeSet<>(theirs.keySet());
    keys.addAll(ours.keySet());
    Map<String, String> differences = new TreeMap<>();
    for (String key : keys) {
      if (!Objects.equals(theirs.get(key), ours.get(key))) {
        differences.put(
            key,
            "%s: %s | %s: %s"
                .formatted(
                    peerName(), shorten(theirs.get(key)), container(), shorten(ours.get(key))));
      }
    }
    return differences;
  }

  private static String shorten(String text) {
    return text == null || text.length() < 120 ? text : text.substring(0, 120) + "...";
  }

  /** Everything about one exchange that is to be the same, by name. */
  private Map<String, String> observe(int port, Map.Entry<String, String> named) throws Exception {
    String request = named.getValue();
    try (RawHttp http = RawHttp.connect(port)) {
      http.send(request);
      if (UNFINISHED.contains(named.getKey())) {
        http.finish();
      }
      boolean toHead = request.startsWith("HEAD ");
      RawHttp.Response response = toHead ? http.readHead() : http.read();
      Map<String, String> seen = new TreeMap<>();
      if (response.status() == 100) {
        seen.put("continue", "100");
        response = http.read();
      }
      seen.put("status", Integer.toString(response.status()));
      seen.put("complete", Boolean.toString(response.isComplete()));
      if (response.status() < 400 || request.contains(" /respond/")) {
        describe(response, request, port, seen);
      }
      if (response.status() == 101) {
        describe(WebSocketTranscript.read(http.rest()), isDump(request), port, seen);
      }
      return seen;
    }
  }

  private void describe(
      RawHttp.Response response, String request, int port, Map<String, String> seen) {
    for (String field : response.fields()) {
      String name = field.split(":", 2)[0].toLowerCase(Locale.ROOT);
      if (!IGNORED_FIELDS.contains(name) && !(LENGTHS.contains(name) && isDump(request))) {
        seen.merge("header " + name, field.split(":", 2)[1].strip(), (a, b) -> a + " + " + b);
      }
    }
    if (response.status() == 101) {
      return;
    }
    if (!isDump(request)) {
      seen.put("body", response.text());
    } else if (!request.startsWith("HEAD ")) {
      describeEnviron(response.text(), port, seen);
    }
  }

  private void describe(
      WebSocketTranscript transcript, boolean isDump, int port, Map<String, String> seen) {
    seen.put("messages", transcript.kinds());
    seen.put("close", transcript.close());
    if (isDump) {
      describeEnviron(transcript.messages(), port, seen);
    } else {
      seen.put("body", transcript.messages());
    }
  }

  private static boolean isDump(String request) {
    return !request.contains(" /respond/");
  }

  private void describeEnviron(String dump, int port, Map<String, String> seen) {
    String last = "";
    for (String line : dump.split("\n", -1)) {
      int key = 0;
      while (key < line.length() && "=:".indexOf(line.charAt(key)) < 0) {
        key++;
      }
      if (key == line.length()) {
        seen.merge(last, "\n" + line, String::concat); // a value with a line feed
        continue;
      }
      last = seenByApplication() + line.substring(0, key);
      if (!IGNORED_KEYS.contains(line.substring(0, key))) {
        seen.put(last, line.substring(key + 1).replace(Integer.toString(port), "PORT"));
      }
    }
  }
}
