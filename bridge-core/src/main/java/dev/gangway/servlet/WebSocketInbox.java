package dev.gangway.servlet;

import dev.gangway.asgi.ReceiveEvent.WebSocketReceive;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Messages that the application has not asked for yet. When they are too many, the container is
 * told to stop reading, so that TCP holds the client up. Safe for many threads.
 */
final class WebSocketInbox {

  /** From here on nothing more is read. */
  static final int MOST_MESSAGES = 32;

  /** From here on nothing more is read; bytes. */
  static final long MOST_BYTES = 1024 * 1024;

  private record Message(WebSocketReceive event, int size) {}

  private final Deque<Message> messages = new ArrayDeque<>();
  private long bytes;
  private boolean discarding;
  private boolean suspended;
  private @Nullable WebSocketPeer peer;

  /**
   * Knows from now on whom to stop.
   *
   * @param opened before its first message
   */
  synchronized void attach(WebSocketPeer opened) {
    peer = opened;
  }

  /**
   * Adds a message.
   *
   * @param event from the thread that reads
   * @param size of the message in bytes
   */
  synchronized void add(WebSocketReceive event, int size) {
    if (!discarding) {
      messages.add(new Message(event, size));
      bytes += size;
    }
  }

  /**
   * Has the container stop if the application is behind. The last that the thread that reads does
   * for a message: from here on another thread may have the container go on.
   *
   * @return false if the thread must wait, see {@link #awaitRoom}
   */
  synchronized boolean suspendIfFull() {
    if (suspended || !isFull() || peer == null) {
      return true;
    }
    suspended = true;
    return peer.suspend();
  }

  private boolean isFull() {
    return messages.size() >= MOST_MESSAGES || bytes >= MOST_BYTES;
  }

  /**
   * Takes the next message.
   *
   * @return null if there is none
   */
  @Nullable WebSocketReceive poll() {
    Message next;
    synchronized (this) {
      next = messages.poll();
      if (next != null) {
        bytes -= next.size;
      }
    }
    resumeIfRoom();
    return next == null ? null : next.event;
  }

  /** Drops all messages, and those to come: what is still of interest is the client's close. */
  void discard() {
    synchronized (this) {
      discarding = true;
      messages.clear();
      bytes = 0;
    }
    resumeIfRoom();
  }

  private void resumeIfRoom() {
    WebSocketPeer reading;
    synchronized (this) {
      // Half, so that the container does not stop and go with each message.
      if (!suspended || messages.size() > MOST_MESSAGES / 2 || bytes > MOST_BYTES / 2) {
        return;
      }
      suspended = false;
      notifyAll();
      reading = peer;
    }
    // Outside: reading may begin on this thread. It cannot be suspended again before.
    if (reading != null) {
      reading.resume();
    }
  }

  /**
   * Whether nothing is read.
   *
   * @return true while the application is behind
   */
  synchronized boolean isSuspended() {
    return suspended;
  }

  /**
   * Waits until there is room.
   *
   * @param most how long
   * @return false if there is none
   * @throws InterruptedException when the container stops
   */
  synchronized boolean awaitRoom(Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    while (suspended) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}
