package dev.gangway.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;

/** A file in a form, sent to the site of {@code forms.py}. */
final class Uploads {

  private Uploads() {}

  static void assertArrives(RunningApplication application, String path) throws Exception {
    byte[] content = new byte[300_000];
    new Random(4).nextBytes(content);
    String type = "multipart/form-data; boundary=harbour";
    String head =
        "--harbour\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\næ\r\n"
            + "--harbour\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f.bin\"\r\n"
            + "Content-Type: application/octet-stream\r\n\r\n";
    HttpRequest.Builder request =
        application
            .request(path)
            .header("Content-Type", type)
            .POST(
                BodyPublishers.concat(
                    BodyPublishers.ofString(head, StandardCharsets.UTF_8),
                    BodyPublishers.ofByteArray(content),
                    BodyPublishers.ofString("\r\n--harbour--\r\n")));
    String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    assertThat(application.send(request).body())
        .isEqualTo("POST\n" + type + "\ntitle=æ\nfile: f.bin 300000 " + digest);
  }
}
