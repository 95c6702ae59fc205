package dev.gangway.spring;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names files and their content in a few digits. */
final class ContentHash {

  private static final int DIGITS = 32;

  private final MessageDigest all = sha256();

  void add(String name, InputStream content) throws IOException {
    MessageDigest one = sha256();
    try (DigestInputStream digesting = new DigestInputStream(content, one)) {
      digesting.transferTo(OutputStream.nullOutputStream());
    }
    add(name);
    all.update(one.digest());
  }

  void add(String text) {
    all.update(text.getBytes(StandardCharsets.UTF_8));
    all.update((byte) 0);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  /** Ends it: nothing can be added any more. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(all.digest()).substring(0, DIGITS);
  }
}
