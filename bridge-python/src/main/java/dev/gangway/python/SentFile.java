package dev.gangway.python;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * A file that a worker has us send, as it wrote it behind the head: offset, count and path,
 * separated by NUL.
 */
record SentFile(Path path, long offset, long count) {

  /**
   * Reads the bytes from {@code from} to {@code to}.
   *
   * @throws MalformedAnswerException if they name no part of a file
   */
  static SentFile read(byte[] payload, int from, int to) throws MalformedAnswerException {
    String[] fields = new String(payload, from, to - from, StandardCharsets.UTF_8).split("\0", 3);
    if (fields.length != 3) {
      throw new MalformedAnswerException("a file without offset, count and path");
    }
    try {
      SentFile file =
          new SentFile(Path.of(fields[2]), Long.parseLong(fields[0]), Long.parseLong(fields[1]));
      if (file.offset < 0 || file.count < 0 || !file.path.isAbsolute()) {
        throw new MalformedAnswerException("a file with offset, count or path out of bounds");
      }
      return file;
    } catch (NumberFormatException | InvalidPathException e) {
      throw new MalformedAnswerException("a file whose offset, count or path is none", e);
    }
  }
}
