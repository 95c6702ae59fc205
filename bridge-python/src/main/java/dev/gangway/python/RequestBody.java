package dev.gangway.python;

import java.io.IOException;

/** How the body of a request reaches the worker. */
interface RequestBody {

  /** A request without a body. */
  RequestBody NONE =
      new RequestBody() {
        @Override
        public int place(SlotMemory memory, int slot, int offset) {
          return Token.BODY_NONE;
        }

        @Override
        public int length() {
          return 0;
        }
      };

  /**
   * Puts into the slot what belongs there.
   *
   * @param offset where the environ ends in the payload
   * @return where the body is, one of {@link Token}'s constants
   */
  int place(SlotMemory memory, int slot, int offset);

  /** Number of bytes that {@link #place} puts into the slot. */
  int length();

  /** The worker wants the next part. */
  default void wanted() throws IOException {
    throw new IOException("A worker asked for a part of a body that is not streamed");
  }

  /** The client has left: nothing more of the body comes. */
  default void disconnected() {}

  /** Nothing more is wanted of the client. May be called again. */
  default void close() {}

  /** Frees what is held outside of the slot: no worker reads it any more. May be called again. */
  default void free() {}
}
