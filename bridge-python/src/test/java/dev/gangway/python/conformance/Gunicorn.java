package dev.gangway.python.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A gunicorn with an application of {@code conformance.py}, at a free port. */
final class Gunicorn implements AutoCloseable {

  private static final Pattern LISTENING = Pattern.compile("Listening at: http://127.0.0.1:(\\d+)");

  private final Process process;
  private final int port;

  Gunicorn(String application) throws IOException {
    List<String> command =
        List.of(
            Pythons.interpreter(),
            "-m",
            "gunicorn",
            "--bind=127.0.0.1:0",
            "--workers=1",
            "--worker-class=gthread",
            "--threads=2",
            "--graceful-timeout=1",
            "--worker-tmp-dir=/dev/shm",
            "--chdir=" + Pythons.fixtures(),
            "conformance:" + application);
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    port = portIn(output);
    Thread drain = new Thread(() -> drain(output), "gunicorn-output");
    drain.setDaemon(true);
    drain.start();
  }

  private static int portIn(BufferedReader output) throws IOException {
    StringBuilder said = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      Matcher matcher = LISTENING.matcher(line);
      if (matcher.find()) {
        return Integer.parseInt(matcher.group(1));
      }
      said.append(line).append('\n');
    }
    throw new IOException("gunicorn does not start:\n" + said);
  }

  /** Awaitility takes what a thread throws for a failure of whichever test waits then. */
  private static void drain(Reader output) {
    try {
      output.transferTo(Writer.nullWriter());
    } catch (IOException e) {
      // It has been ended, which closes the stream.
    }
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
