package io.steelyard.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A directory for configurations, bodies and logs, and every process that was started. Closing it
 * ends the processes and removes the directory; it closes itself when the JVM goes down (Ctrl-C,
 * SIGTERM).
 *
 * <p>Thread-safe: the shutdown hook closes it while the main thread may be starting a process.
 */
final class Workspace implements AutoCloseable {
  private final Path root;
  private final Thread hook = new Thread(this::close, "workspace-cleanup");
  private final Deque<Child> children = new ArrayDeque<>();
  private int files;
  private boolean closed;

  private Workspace(Path root) {
    this.root = root;
  }

  static Workspace create() throws IOException {
    Path memory = Path.of("/dev/shm");
    Path parent =
        Files.isWritable(memory) ? memory : Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    Workspace workspace = new Workspace(Files.createTempDirectory(parent, "steelyard-bench-"));
    // nginx's worker is another user when its master is root, and must read the bodies.
    open(workspace.root);
    Runtime.getRuntime().addShutdownHook(workspace.hook);
    return workspace;
  }

  /** Where files are that all processes share. */
  Path root() {
    return root;
  }

  /** A new directory of its own for one process. */
  synchronized Path directory(String name) throws IOException {
    requireOpen();
    Path directory = Files.createDirectory(root.resolve(++files + "-" + name));
    open(directory);
    return directory;
  }

  Child start(String name, List<String> command) throws IOException {
    return start(name, command, Map.of());
  }

  /** Starts a process in the workspace's directory; it ends with the workspace at the latest. */
  synchronized Child start(String name, List<String> command, Map<String, String> environment)
      throws IOException {
    requireOpen();
    Path output = root.resolve(++files + "-" + name + ".out");
    Path errors = root.resolve(files + "-" + name + ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(root.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile());
    builder.environment().putAll(environment);
    Child child = new Child(name, builder.start(), output, errors);
    children.removeIf(c -> !c.alive());
    children.push(child);
    return child;
  }

  /**
   * Runs a program to its end and returns what it printed to stdout.
   *
   * @throws IllegalStateException when it fails or takes longer than the limit
   */
  String run(String name, List<String> command, Duration limit)
      throws IOException, InterruptedException {
    Child child = start(name, command);
    int status = child.await(limit);
    if (status != 0) {
      throw new IllegalStateException(name + ": " + child.lastWords());
    }
    return child.output();
  }

  synchronized boolean closed() {
    return closed;
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    children.forEach(Child::close);
    delete(root);
    removeHook();
  }

  private void removeHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // Shutdown is under way: this is the hook, or it will find the workspace closed.
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the run was stopped");
    }
  }

  private static void open(Path directory) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void delete(Path root) {
    try {
      Files.walkFileTree(root, new Deletion());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + root, e);
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      return FileVisitResult.CONTINUE; // a pid file that its process removed meanwhile
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
        throws IOException {
      Files.deleteIfExists(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
