package io.steelyard.net;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file of a listening Unix socket. It is made under another name, given its permissions and
 * then renamed, so that nobody finds it before it listens or while others may use it. What a
 * process left that is no more is replaced. For one thread.
 */
public final class SocketFile {
  private final Path path;
  private final Path made;
  private final Set<PosixFilePermission> permissions;
  private @Nullable Object key;

  private SocketFile(Path path, Set<PosixFilePermission> permissions) {
    this.path = path;
    this.made = path.resolveSibling(path.getFileName() + ".new");
    this.permissions = permissions;
  }

  /**
   * Looks whether the path can be had.
   *
   * @param mode three octal digits
   * @throws IOException when somebody listens there, or a file that is no socket is in the way
   */
  public static SocketFile claim(Path path, String mode) throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      requireStale(path);
    }
    SocketFile file = new SocketFile(path, permissions(Integer.parseInt(mode, 8)));
    Files.deleteIfExists(file.made);
    return file;
  }

  private static void requireStale(Path path) throws IOException {
    BasicFileAttributes found =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!found.isOther()) {
      throw new IOException(
          "there is a file, directory or link that is no socket, expected nothing");
    }
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.connect(UnixDomainSocketAddress.of(path));
    } catch (ConnectException _) {
      return; // nobody listens any more
    }
    throw new IOException("the socket is already in use by another process");
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    // In the order of their declaration: those of the owner, of the group, of others, each r, w, x.
    PosixFilePermission[] all = PosixFilePermission.values();
    Set<PosixFilePermission> chosen = EnumSet.noneOf(PosixFilePermission.class);
    for (int i = 0; i < all.length; i++) {
      if ((mode & 1 << (all.length - 1 - i)) != 0) {
        chosen.add(all[i]);
      }
    }
    return chosen;
  }

  /** Where to listen. */
  public Path made() {
    return made;
  }

  /** It listens: clients may find it. */
  public void publish() throws IOException {
    Files.setPosixFilePermissions(made, permissions);
    key = Files.readAttributes(made, BasicFileAttributes.class).fileKey();
    Files.move(made, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Nobody listens any more: takes the file away, unless another process has replaced it. */
  public void remove() throws IOException {
    Files.deleteIfExists(made);
    if (key != null
        && Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        && key.equals(Files.readAttributes(path, BasicFileAttributes.class).fileKey())) {
      Files.delete(path);
    }
  }
}
