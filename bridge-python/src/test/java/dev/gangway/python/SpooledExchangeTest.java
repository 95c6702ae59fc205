package dev.gangway.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.gangway.Environ;
import dev.gangway.Header;
import dev.gangway.exchange.BodyReceiver;
import dev.gangway.exchange.Exchange;
import dev.gangway.exchange.Written;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpooledExchangeTest {

  private static final int LIMIT = 100;

  /** A client that reads a part when the test says so. */
  private static final class Client implements Exchange {
    private final StringBuilder seen = new StringBuilder();
    private final Queue<Written> unread = new ArrayDeque<>();
    private Runnable listener = () -> {};

    @Override
    public Environ environ() {
      return Environ.of(Map.of());
    }

    @Override
    public boolean hasBody() {
      return false;
    }

    @Override
    public void receive(BodyReceiver receiver) {}

    @Override
    public void resume() {}

    @Override
    public void start(int status, String reason, List<Header> headers) {}

    @Override
    public void write(byte[] bytes, int offset, int length, Written written) {
      assertThat(unread).as("parts at a time").isEmpty();
      seen.append(new String(bytes, offset, length, StandardCharsets.US_ASCII));
      unread.add(written);
    }

    @Override
    public void complete(byte[] bytes, int offset, int length) {
      seen.append(new String(bytes, offset, length, StandardCharsets.US_ASCII)).append(" complete");
    }

    @Override
    public void complete(Path file, long offset, long count, Written written) {
      seen.append(" file");
    }

    @Override
    public void fail(int status, List<Header> headers, Throwable cause) {
      seen.append(" failed with ").append(status);
    }

    @Override
    public void onDisconnect(Runnable disconnected) {
      listener = disconnected;
    }

    void reads() {
      unread.remove().done(null);
    }
  }

  @TempDir Path folder;

  private final Client client = new Client();
  private final List<String> written = new ArrayList<>();
  private ResponseSpool spool;
  private Exchange exchange;

  @BeforeEach
  void open() throws IOException {
    open(0);
  }

  private void open(long total) throws IOException {
    spool = new ResponseSpool(folder, LIMIT, total);
    exchange = spool.of(client);
  }

  private void write(String part) {
    byte[] bytes = ("-" + part + "-").getBytes(StandardCharsets.US_ASCII);
    exchange.write(
        bytes,
        1,
        part.length(),
        failure -> written.add(failure == null ? part : part + ": " + failure.getMessage()));
  }

  @Test
  void noPartWaitsForTheClientAndItGetsThemInOrder() throws Exception {
    write("one ");
    write("two ");
    write("three");
    exchange.complete(new byte[0], 0, 0);
    assertThat(written).containsExactly("one ", "two ", "three");
    assertThat(client.seen).hasToString("one ");
    assertThat(spool.size()).isEqualTo(1);
    assertThat(folder).as("names of files that a killed server would leave").isEmptyDirectory();
    client.reads();
    assertThat(spool.size()).isZero();
    client.reads();
    assertThat(client.seen).hasToString("one two three complete");
  }

  @Test
  void anEmptyPartNeedsNoFile() {
    write("one");
    write("");
    assertThat(written).containsExactly("one", "");
    assertThat(spool.size()).isZero();
    client.reads();
    exchange.complete(new byte[0], 0, 0);
    assertThat(client.seen).hasToString("one complete");
  }

  @Test
  void nothingIsKeptForAClientThatReads() {
    write("one ");
    client.reads();
    write("two");
    client.reads();
    assertThat(spool.size()).isZero();
    exchange.complete("!".getBytes(StandardCharsets.US_ASCII), 0, 1);
    assertThat(client.seen).hasToString("one two! complete");
  }

  @Test
  void aPartBeyondTheLimitWaits() {
    write("first ");
    write("k".repeat(LIMIT));
    write(" waits");
    assertThat(written).containsExactly("first ", "k".repeat(LIMIT));
    client.reads();
    client.reads();
    assertThat(client.seen).hasToString("first " + "k".repeat(LIMIT) + " waits");
    assertThat(written).hasSize(2);
    client.reads();
    assertThat(written).hasSize(3).endsWith(" waits");
    write("again");
    assertThat(written).endsWith("again");
  }

  @Test
  void aPartWaitsWhereThereIsNoRoomForAFile() throws Exception {
    Files.delete(folder);
    write("one ");
    write("two");
    assertThat(written).containsExactly("one ");
    client.reads();
    client.reads();
    assertThat(written).containsExactly("one ", "two");
    assertThat(client.seen).hasToString("one two");
    Files.createDirectory(folder);
  }

  @Test
  void aFailureBreaksTheResponseOffAfterWhatCameBefore() {
    write("one ");
    write("two");
    exchange.fail(502, List.of(), new IOException("The worker ended"));
    assertThat(client.seen).hasToString("one ");
    client.reads();
    client.reads();
    assertThat(client.seen).hasToString("one two failed with 502");
  }

  @Test
  void aClientThatLeavesFreesTheFileAndWhoWaits() {
    List<String> told = new ArrayList<>();
    exchange.onDisconnect(() -> told.add("left"));
    write("one ");
    write("two");
    write("k".repeat(LIMIT));
    client.listener.run();
    assertThat(told).containsExactly("left");
    assertThat(spool.size()).isZero();
    assertThat(written).hasSize(3).endsWith("k".repeat(LIMIT) + ": The client has left");
    write("late");
    assertThat(written).endsWith("late: The client has left");
    assertThat(client.seen).hasToString("one ");
  }

  @Test
  void closingBreaksOffWhatIsStillRead() {
    write("one ");
    write("two");
    exchange.complete(new byte[0], 0, 0);
    spool.close();
    assertThat(spool.size()).isZero();
    assertThat(client.seen).hasToString("one  failed with 503");
    client.reads();
    assertThat(client.seen).hasToString("one  failed with 503");
  }

  /** A thousand slow readers of a few MiB each are no reason to stop. */
  @Test
  void takesHalfOfWhatIsFreeOnItsDiskUnlessToldOtherwise() throws Exception {
    double half = Files.getFileStore(folder).getUsableSpace() / 2.0;
    assertThat((double) spool.total()).isCloseTo(half, withinPercentage(20));
    open(7);
    assertThat(spool.total()).isEqualTo(7);
  }

  @Test
  void aLimitOfNoneIsNoSpool() throws Exception {
    assertThat(new ResponseSpool(folder, 0, 0).of(client)).isSameAs(client);
  }

  @Test
  void aFileIsNoLongerThanTheLimitHoweverLongTheResponse() {
    StringBuilder expected = new StringBuilder("begin ");
    write("begin ");
    write("x".repeat(LIMIT - 20));
    expected.append("x".repeat(LIMIT - 20));
    for (int i = 0; i < 100; i++) {
      String part = "part " + i + " ";
      write(part);
      expected.append(part);
      assertThat(written).as("nobody waits").endsWith(part);
      assertThat(spool.used()).isLessThanOrEqualTo(LIMIT);
      client.reads();
    }
    exchange.complete(new byte[0], 0, 0);
    while (!client.unread.isEmpty()) {
      client.reads();
    }
    assertThat(client.seen).hasToString(expected + " complete");
    assertThat(spool.used()).isZero();
  }

  @Test
  void aPartWaitsWhereOtherResponsesTakeAllTheRoom() throws Exception {
    open(60);
    Client other = new Client();
    Exchange large = spool.of(other);
    byte[] bytes = "y".repeat(50).getBytes(StandardCharsets.US_ASCII);
    large.write(bytes, 0, 1, Written.IGNORED);
    large.write(bytes, 0, 50, Written.IGNORED);
    assertThat(spool.used()).isEqualTo(50);
    write("one ");
    write("two ");
    write("three and ");
    write("four");
    assertThat(written).containsExactly("one ", "two ");
    assertThat(spool.used()).isEqualTo(54);
    other.reads();
    other.reads();
    assertThat(spool.used()).isEqualTo(4);
    while (!client.unread.isEmpty()) {
      client.reads();
    }
    assertThat(written).containsExactly("one ", "two ", "three and ", "four");
    assertThat(client.seen).hasToString("one two three and four");
    assertThat(spool.used()).isZero();
  }

  @Test
  void theRoomOfAResponseWithoutAFileIsFree() throws Exception {
    Files.delete(folder);
    write("one ");
    write("two");
    assertThat(spool.used()).isZero();
    Files.createDirectory(folder);
  }
}
