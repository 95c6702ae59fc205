package dev.gangway.python;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.StandardMBean;

/** Shows an application in JMX, as {@code dev.gangway:type=PythonApplication,name=...,id=...}. */
final class Management implements AutoCloseable {

  private static final Logger LOG = System.getLogger(Management.class.getName());

  /** Several mounts may host the same application. */
  private static final AtomicLong IDS = new AtomicLong();

  private final PythonApplication application;
  private final String label;
  private volatile boolean registered;
  private final long id = IDS.incrementAndGet();

  Management(PythonApplication application, String label) {
    this.application = application;
    this.label = label;
  }

  private ObjectName name() throws JMException {
    return new ObjectName(
        "dev.gangway:type=PythonApplication,name=" + ObjectName.quote(label) + ",id=" + id);
  }

  void open() {
    try {
      ManagementFactory.getPlatformMBeanServer()
          .registerMBean(
              new StandardMBean(new Attributes(application), PythonApplicationMXBean.class, true),
              name());
      registered = true;
    } catch (JMException e) {
      LOG.log(Level.WARNING, "The application " + label + " cannot be shown in JMX", e);
    }
  }

  @Override
  public void close() {
    if (registered) {
      registered = false;
      try {
        ManagementFactory.getPlatformMBeanServer().unregisterMBean(name());
      } catch (JMException e) {
        LOG.log(Level.WARNING, "The application " + label + " cannot be removed from JMX", e);
      }
    }
  }

  private record Attributes(PythonApplication application) implements PythonApplicationMXBean {

    private PythonSnapshot snapshot() {
      return application.snapshot();
    }

    @Override
    public String getApplication() {
      return snapshot().application();
    }

    @Override
    public List<Long> getWorkerPids() {
      return application.workerPids();
    }

    @Override
    public int getQueued() {
      return snapshot().queued();
    }

    @Override
    public int getRunning() {
      return snapshot().running();
    }

    @Override
    public long getSpooledBytes() {
      return snapshot().spooledBytes();
    }

    @Override
    public long getAnswered() {
      return snapshot().answered();
    }

    @Override
    public long getLost() {
      return snapshot().lost();
    }

    @Override
    public long getTimedOut() {
      return snapshot().timedOut();
    }

    @Override
    public long getRejected() {
      return snapshot().rejected();
    }

    @Override
    public long getWorkersEnded() {
      return snapshot().workersEnded();
    }

    @Override
    public boolean isCrashLoop() {
      return snapshot().crashLoop() != null;
    }

    @Override
    public String getLastFailure() {
      PythonSnapshot.CrashLoop loop = snapshot().crashLoop();
      return loop == null ? "" : loop.lastFailure();
    }

    @Override
    public long getQueueTimeMillis() {
      return snapshot().queueTime().toMillis();
    }

    @Override
    public long getServiceTimeMillis() {
      return snapshot().serviceTime().toMillis();
    }

    @Override
    public void reload() throws PythonStartException {
      application.reload();
    }
  }
}
