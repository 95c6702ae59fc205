package dev.gangway.server;

/**
 * What happens to a request path that can be read in two ways: with {@code %2F}, {@code %25},
 * {@code %5C}, an empty segment ({@code //}) or bytes that are not UTF-8.
 */
public enum EncodedPaths {
  /** The application gets it, as it does under gunicorn. Dot segments are still resolved before. */
  ACCEPT,
  /** The container refuses it with 400, as the Servlet specification wants. */
  REJECT
}
