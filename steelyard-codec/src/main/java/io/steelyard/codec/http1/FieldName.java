package io.steelyard.codec.http1;

import io.netty.buffer.ByteBuf;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The field names that a head's parser recognises while it reads; all others are {@link #OTHER}.
 */
public enum FieldName {
  CONNECTION("Connection"),
  CONTENT_LENGTH("Content-Length"),
  TRANSFER_ENCODING("Transfer-Encoding"),
  HOST("Host"),
  EXPECT("Expect"),
  UPGRADE("Upgrade"),
  TE("TE"),
  TRAILER("Trailer"),
  KEEP_ALIVE("Keep-Alive"),
  PROXY_CONNECTION("Proxy-Connection"),
  X_FORWARDED_FOR("X-Forwarded-For"),
  X_FORWARDED_PROTO("X-Forwarded-Proto"),
  X_FORWARDED_HOST("X-Forwarded-Host"),
  FORWARDED("Forwarded"),
  VIA("Via"),
  DATE("Date"),
  SERVER("Server"),
  USER_AGENT("User-Agent"),
  REFERER("Referer"),
  COOKIE("Cookie"),
  LOCATION("Location"),
  /** Any other name. */
  OTHER("");

  private static final FieldName[] VALUES = values();

  /**
   * Open addressing by hash; at most an eighth full, so that most other names meet an empty slot at
   * once.
   */
  private static final @Nullable FieldName[] TABLE = new @Nullable FieldName[256];

  /**
   * The names that a peer's Connection may name, as {@link #bit bits}. Not those that say where a
   * message ends or goes, and whence it came: a peer could make them vanish between two readers.
   */
  static final long REMOVABLE =
      ~(CONNECTION.bit()
          | CONTENT_LENGTH.bit()
          | TRANSFER_ENCODING.bit()
          | HOST.bit()
          | EXPECT.bit()
          | X_FORWARDED_FOR.bit()
          | X_FORWARDED_PROTO.bit()
          | X_FORWARDED_HOST.bit()
          | FORWARDED.bit()
          | VIA.bit());

  static {
    for (FieldName name : VALUES) {
      if (name != OTHER) {
        int slot = slot(name.hash);
        while (TABLE[slot] != null) {
          slot = slot(slot + 1);
        }
        TABLE[slot] = name;
      }
    }
  }

  private final String text;

  @SuppressWarnings("ImmutableEnumChecker") // a record of numbers
  private final Folded folded;

  private final int hash;

  FieldName(String text) {
    this.text = text;
    String lower = text.toLowerCase(Locale.ROOT);
    this.folded = Folded.of(lower);
    this.hash = Scan.hash(lower);
  }

  /** The name as it is usually written; empty for {@link #OTHER}. */
  public String text() {
    return text;
  }

  /** This name's place among all, which {@link #of} takes back. It never leaves the process. */
  @SuppressWarnings("EnumOrdinal")
  int index() {
    return ordinal();
  }

  /** This name's bit in a set of names. */
  long bit() {
    return 1L << index();
  }

  static FieldName of(int index) {
    return VALUES[index];
  }

  /** The name in [from, to), which holds a token whose {@link Scan#hash} is {@code hash}. */
  static FieldName recognise(ByteBuf buf, int from, int to, int hash) {
    int slot = slot(hash);
    for (FieldName name = TABLE[slot]; name != null; name = TABLE[slot]) {
      if (name.hash == hash && name.folded.matches(buf, from, to)) {
        return name;
      }
      slot = slot(slot + 1);
    }
    return OTHER;
  }

  private static int slot(int hash) {
    return (hash ^ (hash >>> 16)) & 0xff;
  }
}
