package dev.gangway.python.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Another server with an application of the fixtures, at a free port. */
final class Peer implements AutoCloseable {

  private static final Pattern LISTENING =
      Pattern.compile("(?:Listening at:|Uvicorn running on) http://127.0.0.1:(\\d+)");

  private final Process process;
  private final int port;

  private Peer(String... command) throws IOException {
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    port = portIn(output);
    Thread drain = new Thread(() -> drain(output), "peer-output");
    drain.setDaemon(true);
    drain.start();
  }

  static Peer gunicorn(String application) throws IOException {
    return new Peer(
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
        application);
  }

  /** With the parser that each installation of it has. */
  static Peer uvicorn(String application, String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Pythons.interpreter(),
                "-m",
                "uvicorn",
                "--host=127.0.0.1",
                "--port=0",
                "--http=h11",
                "--ws=websockets",
                "--loop=asyncio",
                "--lifespan=off",
                "--no-access-log",
                "--app-dir=" + Pythons.fixtures()));
    command.addAll(List.of(options));
    command.add(application);
    return new Peer(command.toArray(String[]::new));
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
    throw new IOException("the server does not start:\n" + said);
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
