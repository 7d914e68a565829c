package io.steelyard.net.tls;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.steelyard.model.TlsTickets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys that session tickets are encrypted with, the newest first; from a file that several
 * processes share, or made here and changed from time to time. One thread at a time.
 */
final class TicketKeys {
  private static final int SIZE = OpenSslSessionTicketKey.TICKET_KEY_SIZE;

  private final @Nullable String file;
  private final long rotationNanos;
  private final SecureRandom random = new SecureRandom();
  private List<byte[]> keys = List.of();
  private String stamp = "";
  private long madeNanos;

  TicketKeys(TlsTickets settings) {
    this.file = settings.keysFile();
    this.rotationNanos = settings.rotation().toNanos();
  }

  /**
   * Sees to it that the keys are those of now.
   *
   * @return whether they are others than before
   */
  boolean refresh(long nowNanos) throws TlsException {
    return file == null ? rotate(nowNanos) : reread(file);
  }

  private boolean rotate(long nowNanos) {
    if (!keys.isEmpty() && nowNanos - madeNanos < rotationNanos) {
      return false;
    }
    byte[] fresh = new byte[SIZE];
    random.nextBytes(fresh);
    keys = keys.isEmpty() ? List.of(fresh) : List.of(fresh, keys.getFirst());
    madeNanos = nowNanos;
    return true;
  }

  private boolean reread(String keysFile) throws TlsException {
    String now = FileStamp.of(Path.of(keysFile));
    if (now.equals(stamp)) {
      return false;
    }
    keys = read(keysFile);
    stamp = now;
    return true;
  }

  /** The keys of a file. */
  static List<byte[]> read(String file) throws TlsException {
    byte[] bytes = TextFiles.read("keys-file", file);
    if (bytes.length == 0 || bytes.length % SIZE != 0) {
      throw new TlsException(
          "keys-file", file + " has " + bytes.length + " bytes, expected 48 for each key");
    }
    List<byte[]> keys = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += SIZE) {
      keys.add(Arrays.copyOfRange(bytes, at, at + SIZE));
    }
    return keys;
  }

  OpenSslSessionTicketKey[] forEngine() {
    return keys.stream()
        .map(key ->
            new OpenSslSessionTicketKey(
                Arrays.copyOfRange(key, 0, 16),
                Arrays.copyOfRange(key, 32, 48), // a file has the key of encryption before this one
                Arrays.copyOfRange(key, 16, 32)))
        .toArray(OpenSslSessionTicketKey[]::new);
  }
}
