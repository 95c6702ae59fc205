package dev.gangway.samples.spring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** A desk in Java, and the harbour's Django site beside it: one server, one login. */
@SpringBootApplication
public class HarbourOnSpringBoot {

  /**
   * Serves until the process is told to stop.
   *
   * @param arguments such as {@code --server.port=8000}
   * @throws IOException if the folder of the data cannot be made
   */
  public static void main(String[] arguments) throws IOException {
    // The project is unpacked anew whenever it changes; what it stores is elsewhere.
    Path data = Path.of(System.getenv().getOrDefault("DATA_DIR", "harbour-data")).toAbsolutePath();
    Files.createDirectories(data.resolve("static"));
    System.setProperty("harbour.data", data.toString());
    SpringApplication.run(HarbourOnSpringBoot.class, arguments);
  }
}
