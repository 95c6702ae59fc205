package dev.gangway.python;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folders of one application, which only our user can read: one in shared memory for the slots,
 * one on disk for request bodies. Folders that a killed server left behind are removed.
 */
final class PrivateFolders implements AutoCloseable {

  private static final Logger LOG = System.getLogger(PrivateFolders.class.getName());
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");
  private static final FileAttribute<?> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final String PREFIX = "gangway-";
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Process ids mean something only in their namespace; containers may share our folders. */
  static final String NAMESPACE = namespace();

  private static final String PACKAGE = "gangway_worker";
  private static final List<String> MODULES =
      List.of(
          "__init__.py",
          "__main__.py",
          "asgi.py",
          "eventloop.py",
          "frames.py",
          "heads.py",
          "inputs.py",
          "isolation.py",
          "lifespan.py",
          "loading.py",
          "logs.py",
          "preload.py",
          "rehearsal.py",
          "slots.py",
          "streams.py",
          "wsgi.py");

  private final Path shared;
  private final Path disk;
  private final boolean ours;

  /** The workers' user if it is not ours. */
  private @Nullable UserPrincipal owner;

  /**
   * Makes the folders.
   *
   * @param size number of bytes that the slots need
   * @param user who reads request bodies and the worker's modules; empty for our own
   */
  PrivateFolders(long size, String user) throws IOException {
    ours = user.isEmpty();
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    Path memory = roomy(SHARED_MEMORY, size) ? SHARED_MEMORY : temporary;
    sweep(memory);
    sweep(temporary);
    String prefix = PREFIX + ProcessHandle.current().pid() + "-" + NAMESPACE + "-";
    shared = Files.createTempDirectory(memory, prefix);
    try {
      disk = Files.createTempDirectory(temporary, prefix);
    } catch (IOException | RuntimeException e) {
      Files.delete(shared);
      throw e;
    }
    try {
      extractWorker();
      makeFifos(List.of(requests(), responses()));
      Files.createDirectory(spool(), PRIVATE);
      if (!user.isEmpty()) {
        giveTo(user);
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void giveTo(String user) throws IOException {
    try {
      UserPrincipal principal =
          disk.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user);
      owner = principal;
      Files.setOwner(spool(), principal);
      // All else stays ours, above all the modules, which the next worker runs before it becomes
      // the other user; that one only has to pass on its way to the bodies.
      Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwx--x--x"));
      Files.setPosixFilePermissions(disk, PosixFilePermissions.fromString("rwx--x--x"));
    } catch (UserPrincipalNotFoundException e) {
      throw new IOException("The system knows no user " + user, e);
    }
  }

  /**
   * Checks that a worker will find what it needs.
   *
   * @throws PythonStartException if somebody has removed it
   */
  void check() throws PythonStartException {
    for (Path path : List.of(worker(), slots(), requests(), responses(), bodies())) {
      if (!Files.exists(path)) {
        throw new PythonStartException(
            "No worker can be started any more, because somebody has removed "
                + path
                + ", perhaps to clear the folder of temporary files. Restart the application, and"
                + " have such clearing leave out "
                + PREFIX
                + "*");
      }
    }
  }

  /** Whether the workers' user is ours. */
  boolean areOurs() {
    return ours;
  }

  Path slots() {
    return shared.resolve("slots");
  }

  Path requests() {
    return shared.resolve("requests");
  }

  Path responses() {
    return shared.resolve("responses");
  }

  /** The beginning of the paths of the FIFOs that each thread of a worker makes. */
  String credits() {
    return shared.resolve("credits").toString();
  }

  /** The same for FIFOs that another user may open, so nobody may know their names. */
  String unguessableCredits() {
    return shared.resolve("credits-" + unguessable()).toString();
  }

  /** A FIFO of a forked worker, which another user may open. */
  Path fork(int worker, String what) {
    return shared.resolve(what + "-" + worker + "-" + unguessable());
  }

  private static String unguessable() {
    return Long.toHexString(RANDOM.nextLong());
  }

  /** Makes FIFOs that the workers' user may open. */
  void makeFifosForWorkers(List<Path> fifos) throws IOException {
    makeFifos(fifos);
    UserPrincipal worker = owner;
    if (worker != null) {
      for (Path fifo : fifos) {
        Files.setOwner(fifo, worker);
      }
    }
  }

  /** Makes the file for stacks, where the workers' user cannot. */
  void makeStacks(int worker) throws IOException {
    UserPrincipal other = owner;
    if (other != null) {
      Files.createFile(stacks(worker));
      Files.setOwner(stacks(worker), other);
    }
  }

  /**
   * The socket that a worker listens on; other users may see its folder, but not guess its name.
   */
  Path streams(int worker) {
    return owner == null
        ? shared.resolve("streams-" + worker)
        : spool().resolve("s" + worker + "-" + unguessable());
  }

  /** The file that a worker writes the stacks of its threads to. */
  Path stacks(int worker) {
    return disk.resolve("stacks-" + worker);
  }

  /** Removes what a worker that has ended left here. */
  void forget(int worker) {
    try {
      Files.deleteIfExists(stacks(worker));
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "The stacks of a worker cannot be removed", e);
    }
  }

  /** For the {@link BodyMemory}. */
  Path bodies() {
    return shared.resolve("bodies");
  }

  /** The one on disk, which only our user can write to. */
  Path disk() {
    return disk;
  }

  Path spool() {
    return disk.resolve("bodies");
  }

  /** What the interpreter is told to run. */
  Path worker() {
    return disk.resolve(PACKAGE).resolve("__main__.py");
  }

  private void extractWorker() throws IOException {
    Path folder = Files.createDirectory(disk.resolve(PACKAGE));
    for (String module : MODULES) {
      try (InputStream in =
          PrivateFolders.class.getResourceAsStream("worker/" + PACKAGE + "/" + module)) {
        if (in == null) {
          throw new IOException("gangway-bridge-python.jar lacks its worker's module " + module);
        }
        Files.copy(in, folder.resolve(module));
      }
    }
  }

  private static void makeFifos(List<Path> paths) throws IOException {
    List<String> command = new ArrayList<>(List.of("mkfifo", "-m", "600"));
    paths.forEach(path -> command.add(path.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException("mkfifo failed: " + said.trim());
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while making FIFOs", e);
    }
  }

  private static boolean roomy(Path folder, long size) {
    try {
      return Files.isWritable(folder) && Files.getFileStore(folder).getUsableSpace() > 2 * size;
    } catch (IOException e) {
      return false;
    }
  }

  /** Removes folders whose server does not run any more. */
  private static String namespace() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString().replaceAll("\\D", "");
    } catch (IOException e) {
      return "0"; // not Linux: there are no namespaces
    }
  }

  static void sweep(Path parent) {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path folder : folders) {
        String[] parts = folder.getFileName().toString().split("-", 4);
        if (parts.length == 4
            && parts[1].matches("[0-9]{1,9}")
            && parts[2].equals(NAMESPACE)
            && ProcessHandle.of(Long.parseLong(parts[1])).isEmpty()
            && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
            // Anybody may make folders of such a name.
            && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(ourselves())) {
          delete(folder);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.log(Level.DEBUG, "Folders that were left behind cannot be removed", e);
    }
  }

  private static UserPrincipal ourselves() throws IOException {
    Path own = Files.createTempFile(PREFIX, "");
    try {
      return Files.getOwner(own);
    } finally {
      Files.delete(own);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (DirectoryStream<Path> parent = Files.newDirectoryStream(folder.getParent())) {
      if (parent instanceof SecureDirectoryStream<Path> secure) {
        delete(secure, folder.getFileName());
        return;
      }
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Never leaves the folder, whatever the workers' user puts into its part of it meanwhile. */
  private static void delete(SecureDirectoryStream<Path> parent, Path name) throws IOException {
    if (!parent
        .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes()
        .isDirectory()) {
      parent.deleteFile(name);
      return;
    }
    try (SecureDirectoryStream<Path> children =
        parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
      for (Path child : children) {
        try {
          delete(children, child.getFileName());
        } catch (NoSuchFileException e) {
          // Whoever made it has removed it meanwhile.
        }
      }
    }
    parent.deleteDirectory(name);
  }

  @Override
  public void close() {
    for (Path folder : List.of(shared, disk)) {
      try {
        delete(folder);
      } catch (NoSuchFileException e) {
        LOG.log(Level.DEBUG, "Somebody has removed the folder before", e);
      } catch (IOException | UncheckedIOException e) {
        LOG.log(Level.WARNING, "The folder " + folder + " cannot be removed", e);
      }
    }
  }
}
