package dev.gangway;

import java.io.IOException;

/** The {@code write()} callable of PEP 3333: sends a chunk before the returned body's chunks. */
@FunctionalInterface
public interface BodyWriter {

  /**
   * Sends the chunk, after the head if that is not out yet.
   *
   * @param chunk not changed by the caller until this returns
   * @throws IOException if the client has left
   */
  void write(byte[] chunk) throws IOException;
}
