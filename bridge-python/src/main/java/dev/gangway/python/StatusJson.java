package dev.gangway.python;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Snapshots as JSON. */
final class StatusJson {

  private static final Collector<CharSequence, ?, String> LIST = Collectors.joining(",", "[", "]");

  private StatusJson() {}

  static String of(List<PythonSnapshot> snapshots) {
    return "{\"time\":"
        + System.currentTimeMillis()
        + ",\"applications\":"
        + snapshots.stream().map(StatusJson::application).collect(LIST)
        + "}";
  }

  private static String application(PythonSnapshot snapshot) {
    return "{"
        + member("application", snapshot.application())
        + member("queued", snapshot.queued())
        + member("running", snapshot.running())
        + member("spooledBytes", snapshot.spooledBytes())
        + member("answered", snapshot.answered())
        + member("lost", snapshot.lost())
        + member("timedOut", snapshot.timedOut())
        + member("rejected", snapshot.rejected())
        + member("workersEnded", snapshot.workersEnded())
        + member("queueMillis", snapshot.queueTime().toMillis())
        + member("serviceMillis", snapshot.serviceTime().toMillis())
        + "\"crashLoop\":"
        + crashLoop(snapshot.crashLoop())
        + ",\"workers\":"
        + snapshot.workers().stream().map(StatusJson::worker).collect(LIST)
        + "}";
  }

  private static String crashLoop(PythonSnapshot.@Nullable CrashLoop loop) {
    return loop == null
        ? "null"
        : "{"
            + member("failures", loop.failures())
            + member("millis", loop.time().toMillis())
            + member("lastFailure", loop.lastFailure())
            + "\"nextTryMillis\":"
            + loop.nextTry().toMillis()
            + "}";
  }

  private static String worker(PythonSnapshot.Worker worker) {
    return "{"
        + member("number", worker.number())
        + member("pid", worker.pid())
        + member("state", worker.state().name().toLowerCase(Locale.ROOT))
        + member("servedMillis", worker.served().toMillis())
        + member("answered", worker.answered())
        + member("running", worker.running())
        + "\"residentBytes\":"
        + worker.residentBytes()
        + "}";
  }

  private static String member(String name, long value) {
    return "\"" + name + "\":" + value + ",";
  }

  private static String member(String name, String value) {
    return "\"" + name + "\":" + quoted(value) + ",";
  }

  /** A string of RFC 8259, section 7. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
