package dev.gangway.samples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Clients of the Django site while a worker is killed every second: each kill may lose the one
 * request that its worker had, every other answer is the right one, and memory stays as it is. For
 * {@code -Plong}; {@code gangway.test.minutes} tells how long.
 */
@Tag("long")
@EnabledOnOs(OS.LINUX)
class LongLoadTest {

  private static final Duration TIME =
      Duration.ofMinutes(Integer.getInteger("gangway.test.minutes", 10));
  private static final int CLIENTS = 6;

  /** What the JVM and the workers may grow by from the second third to the last. */
  private static final double GROWTH = 1.2;

  private static final long SLACK_KIB = 32 * 1024;

  /** A heap that may grow would look like a leak for minutes. */
  private static final Map<String, String> SMALL_HEAP =
      Map.of("JAVA_TOOL_OPTIONS", "-Xms96m -Xmx96m -XX:+AlwaysPreTouch");

  private final List<String> lost = Collections.synchronizedList(new ArrayList<>());
  private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());
  private final AtomicLong answers = new AtomicLong();
  private volatile boolean over;

  /** A page that is the same each time. */
  private record Page(URI uri, String body) {}

  @Test
  void killedWorkersLoseOnlyTheirOwnRequestsAndMemoryStaysFlat() throws Exception {
    try (RunningSample sample = RunningSample.start("jetty", SMALL_HEAP)) {
      List<Page> pages = pages(sample.uri());
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Random random = new Random(i);
        Thread client = new Thread(() -> load(sample.uri(), pages, random), "client-" + i);
        client.start();
        clients.add(client);
      }
      List<Long> memory = new ArrayList<>();
      int kills = 0;
      Instant end = Instant.now().plus(TIME);
      for (Instant next = Instant.now(); Instant.now().isBefore(end); ) {
        next = next.plusSeconds(1);
        Thread.sleep(Math.max(0, Duration.between(Instant.now(), next).toMillis()));
        memory.add(memory(sample));
        kills += kill(sample) ? 1 : 0;
      }
      over = true;
      for (Thread client : clients) {
        client.join(60_000);
        assertThat(client.isAlive()).as("a request hangs").isFalse();
      }
      System.out.printf(
          "%d answers, %d kills, %d lost, memory in MiB: %s%n",
          answers.get(), kills, lost.size(), memory.stream().map(kib -> kib / 1024).toList());
      assertThat(wrong).isEmpty();
      assertThat(lost).hasSizeLessThanOrEqualTo(kills);
      assertThat(answers.get()).isGreaterThan(100 * TIME.toSeconds() / 10);
      assertThat(kills).isGreaterThan((int) TIME.toSeconds() / 2);
      int third = memory.size() / 3;
      assertThat(median(memory.subList(2 * third, memory.size())))
          .as("KiB of JVM and workers in the last third, of %s", memory)
          .isLessThan((long) (median(memory.subList(third, 2 * third)) * GROWTH) + SLACK_KIB);
    }
  }

  private static List<Page> pages(URI site) throws Exception {
    HttpClient http = HttpClient.newHttpClient();
    List<Page> pages = new ArrayList<>();
    for (String path :
        List.of("bench/plain", "bench/table", "bench/row", "bench/json", "api/berths/", "java/")) {
      HttpRequest request = HttpRequest.newBuilder(site.resolve(path)).build();
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      pages.add(new Page(request.uri(), response.statusCode() + response.body()));
    }
    return pages;
  }

  private void load(URI site, List<Page> pages, Random random) {
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    while (!over) {
      int choice = random.nextInt(pages.size() + 2);
      try {
        if (choice < pages.size()) {
          Page page = pages.get(choice);
          check(http, HttpRequest.newBuilder(page.uri()).build(), page.body());
        } else if (choice == pages.size()) {
          byte[] body = new byte[random.nextInt(300_000)];
          random.nextBytes(body);
          String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
          check(
              http,
              HttpRequest.newBuilder(site.resolve("bench/upload"))
                  .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                  .build(),
              "200{\"length\": " + body.length + ", \"sha256\": \"" + sum + "\"}");
        } else {
          int wait = random.nextInt(100);
          check(
              http,
              HttpRequest.newBuilder(site.resolve("bench/wait?ms=" + wait)).build(),
              "200waited " + wait + " ms\n");
        }
      } catch (IOException e) {
        lost.add(e.toString());
      } catch (Exception e) {
        wrong.add(e.toString());
      }
    }
  }

  private void check(HttpClient http, HttpRequest request, String expected) throws Exception {
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
    answers.incrementAndGet();
    if (response.statusCode() == 502) {
      lost.add("502");
    } else if (!(response.statusCode() + response.body()).equals(expected)) {
      wrong.add(request.uri() + ": " + response.statusCode() + " " + response.body());
    }
  }

  private static List<ProcessHandle> workers(RunningSample sample) {
    return sample.processes().stream()
        .filter(process -> commandLine(process).contains("application=harbour"))
        .toList();
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"), ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  /** Kills the worker that is the oldest, and so one that serves. */
  private static boolean kill(RunningSample sample) {
    Optional<ProcessHandle> oldest =
        workers(sample).stream()
            .min(Comparator.comparing(one -> one.info().startInstant().orElse(Instant.MAX)));
    return oldest.map(ProcessHandle::destroyForcibly).orElse(false);
  }

  /** KiB of memory of the sample's processes; what is shared is counted once. */
  private static long memory(RunningSample sample) {
    long sum = 0;
    for (ProcessHandle process : sample.processes()) {
      try {
        Path file = Path.of("/proc/" + process.pid() + "/smaps_rollup");
        sum +=
            Files.readAllLines(file, ISO_8859_1).stream()
                .filter(line -> line.startsWith("Pss:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .sum();
      } catch (IOException e) {
        // It has just been killed.
      }
    }
    return sum;
  }

  private static long median(List<Long> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }
}
