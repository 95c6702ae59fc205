package dev.gangway.python;

/** Carries calls to workers and their responses back. Safe for many threads. */
interface Engine {

  /** Carries a call whose environ is encoded and whose body is at hand or streamed. */
  void submit(Call call);

  /** How many calls are waiting or being answered. */
  int inHand();

  /** A worker has ended: what it had taken is failed, after what it still said is heard. */
  void workerEnded(int worker, String how);
}
