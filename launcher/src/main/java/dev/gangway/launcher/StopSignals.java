package dev.gangway.launcher;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Lets the main thread stop everything in order when SIGTERM or SIGINT comes. A shutdown hook could
 * not: others run beside it, which silence the log and end the workers, and the exit code would be
 * the signal's. A second signal ends the program at once.
 *
 * <p>{@code sun.misc.Signal} is used by reflection: every JDK has it, and javac warns about it.
 */
final class StopSignals {

  private final BlockingQueue<String> stop = new LinkedBlockingQueue<>();
  private final AtomicReference<@Nullable Runnable> hangUp = new AtomicReference<>();

  private StopSignals() {}

  static StopSignals install() {
    StopSignals signals = new StopSignals();
    signals.handle("TERM", signals::stop);
    signals.handle("INT", signals::stop);
    signals.handle("HUP", name -> signals.hangUp());
    return signals;
  }

  /** Waits for the first signal to stop; its name. */
  String await() throws InterruptedException {
    return stop.take();
  }

  /** What SIGHUP does; nothing before. */
  void onHangUp(Runnable action) {
    hangUp.set(action);
  }

  private int received;

  private synchronized void stop(String name) {
    received++;
    if (received > 1) {
      Runtime.getRuntime().exit(1);
    }
    stop.add(name);
  }

  private void hangUp() {
    Runnable action = hangUp.get();
    if (action != null) {
      action.run();
    }
  }

  @FunctionalInterface
  private interface Handler {
    void signal(String name);
  }

  private void handle(String name, Handler handler) {
    try {
      Class<?> signalClass = Class.forName("sun.misc.Signal");
      Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
      Method getName = signalClass.getMethod("getName");
      Object proxy =
          Proxy.newProxyInstance(
              handlerClass.getClassLoader(),
              new Class<?>[] {handlerClass},
              (self, method, arguments) ->
                  switch (method.getName()) {
                    case "handle" -> {
                      handler.signal((String) getName.invoke(arguments[0]));
                      yield null;
                    }
                    case "hashCode" -> System.identityHashCode(self);
                    case "equals" -> self == arguments[0];
                    default -> "StopSignals";
                  });
      signalClass
          .getMethod("handle", signalClass, handlerClass)
          .invoke(null, signalClass.getConstructor(String.class).newInstance(name), proxy);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      System.getLogger(StopSignals.class.getName())
          .log(System.Logger.Level.WARNING, "SIG" + name + " cannot be handled", e);
    }
  }
}
