package dev.gangway.exchange;

/** Takes the body of a request part by part. */
public interface BodyReceiver {

  /**
   * Takes the next part.
   *
   * @param bytes valid until this returns
   * @param offset of the first byte
   * @param length number of bytes, more than 0
   * @return whether to go on; after false, {@link Exchange#resume()} does
   */
  boolean onData(byte[] bytes, int offset, int length);

  /** The body is complete. */
  void onEnd();

  /**
   * The body ends before it is complete: the client left, or sent what is not HTTP.
   *
   * @param cause what the container says
   */
  void onError(Throwable cause);
}
