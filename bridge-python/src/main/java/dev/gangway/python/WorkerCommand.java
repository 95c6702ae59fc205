package dev.gangway.python;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** How the interpreter is started: the arguments of {@code gangway_worker/__main__.py}. */
final class WorkerCommand {

  private WorkerCommand() {}

  /**
   * Starts a process.
   *
   * @param own arguments beside those that all processes of an application have
   * @throws PythonStartException if the interpreter cannot be run
   */
  static Process start(PythonSettings settings, PrivateFolders folders, String... own)
      throws PythonStartException {
    List<String> command = new ArrayList<>();
    command.add(settings.interpreter());
    command.add(folders.worker().toString());
    command.addAll(List.of(own));
    command.add("threads=" + settings.threads());
    command.add("multiprocess=" + (settings.workers() > 1));
    command.add("application=" + settings.application());
    command.add("application-type=" + settings.applicationType());
    command.add("pythonpath=" + settings.pythonpathArgument());
    command.add("rehearsal=" + settings.rehearsal());
    command.add("memory=" + folders.slots());
    command.add("bodies=" + folders.bodies());
    command.add("slot-size=" + settings.slotSize());
    command.add("requests=" + folders.requests());
    command.add("responses=" + folders.responses());
    command.add("user=" + settings.user());
    command.add("group=" + settings.group());
    command.add("umask=" + settings.umask());
    limit(command, "limit-as", settings.limitAs());
    limit(command, "limit-nofile", settings.limitNofile());
    limit(command, "limit-cpu", settings.limitCpu());
    ProcessBuilder builder = new ProcessBuilder(command).directory(settings.chdir().toFile());
    builder.environment().putAll(settings.env());
    try {
      return builder.start();
    } catch (IOException e) {
      throw new PythonStartException(
          "The Python interpreter "
              + settings.interpreter()
              + " cannot be started in "
              + settings.chdir()
              + "; set python to an interpreter or a virtual environment, and chdir to a folder",
          e);
    }
  }

  private static void limit(List<String> command, String name, long limit) {
    if (limit > 0) {
      command.add(name + "=" + limit);
    }
  }
}
