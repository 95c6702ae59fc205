package dev.gangway.exchange;

/** Somebody whose connection can be looked at while nobody reads from it. */
public interface ProbedClient {

  /**
   * Whether the client is known to have left, or has closed its side of the connection.
   *
   * @param probe to look with
   * @return true from then on; false also where nothing can be seen
   */
  boolean isClientGone(ClientProbe probe);
}
