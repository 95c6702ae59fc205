package dev.gangway.python;

import java.util.List;

/** A Python application in JMX; see {@link PythonSnapshot} for what the attributes mean. */
public interface PythonApplicationMXBean {

  /**
   * The application.
   *
   * @return the setting of that name
   */
  String getApplication();

  /**
   * The workers.
   *
   * @return process ids
   */
  List<Long> getWorkerPids();

  /**
   * Requests that no worker has taken yet.
   *
   * @return the number now
   */
  int getQueued();

  /**
   * Requests that workers are answering.
   *
   * @return the number now
   */
  int getRunning();

  /**
   * What responses take on disk that wait for clients that read slowly.
   *
   * @return the number of bytes now
   */
  long getSpooledBytes();

  /**
   * Requests that a worker has answered.
   *
   * @return the number since the start
   */
  long getAnswered();

  /**
   * Requests whose worker ended.
   *
   * @return the number since the start
   */
  long getLost();

  /**
   * Requests whose worker was silent for too long.
   *
   * @return the number since the start
   */
  long getTimedOut();

  /**
   * Requests that no worker took in time.
   *
   * @return the number since the start
   */
  long getRejected();

  /**
   * Workers that ended without being asked to.
   *
   * @return the number since the start
   */
  long getWorkersEnded();

  /**
   * Whether workers die again and again as they start.
   *
   * @return true while they do
   */
  boolean isCrashLoop();

  /**
   * How the last worker of a crash loop ended.
   *
   * @return in words; empty without a crash loop
   */
  String getLastFailure();

  /**
   * How long answered requests waited for a worker.
   *
   * @return milliseconds, all together
   */
  long getQueueTimeMillis();

  /**
   * How long workers took to answer.
   *
   * @return milliseconds, all together
   */
  long getServiceTimeMillis();

  /**
   * Replaces every worker, as {@link PythonApplication#reload()}.
   *
   * @throws PythonStartException if the application does not import any more
   */
  void reload() throws PythonStartException;
}
