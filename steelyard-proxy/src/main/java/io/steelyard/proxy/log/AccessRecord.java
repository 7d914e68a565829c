package io.steelyard.proxy.log;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.steelyard.proxy.stats.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the access log says about one request. Reused: cleared when a request begins, filled while
 * it goes on, offered to the loop's {@link AccessLogRing} when it ends, which copies it. Owned by
 * one event loop, like whatever it describes.
 *
 * <p>What the client sent is copied in as raw bytes, up to a bound for each text; escaping is the
 * writer's work.
 */
public final class AccessRecord {
  /** What the client sent. */
  public enum Text {
    METHOD(32),
    TARGET(4096),
    HOST(255),
    USER_AGENT(512),
    REFERER(1024);

    static final int COUNT = values().length;

    private final int limit;

    Text(int limit) {
      this.limit = limit;
    }

    /** How many bytes of it are kept; of a longer one the end is replaced by three dots. */
    public int limit() {
      return limit;
    }

    @SuppressWarnings("EnumOrdinal") // An index into arrays of this process.
    int index() {
      return ordinal();
    }
  }

  private static final int INITIAL_BYTES = 256;

  /** Memory for texts that stays when a record is cleared. */
  private static final int KEPT_BYTES = 1024;

  /** When the request's first byte came, in microseconds since 1970. */
  public long startEpochMicros;

  /** The listener's name. */
  public String listener = "";

  /** The client's address, without its port; made once per connection. */
  public String client = "";

  /** The client's port. */
  public int clientPort;

  /** What {@link #minorVersion} is for HTTP/2. */
  public static final int HTTP_2 = 20;

  /**
   * {@link #HTTP_2}, 1 for HTTP/1.1, 0 for HTTP/1.0, -1 when the request line could not be read.
   */
  public int minorVersion;

  /** The status of the answer, 0 when none was sent. */
  public int status;

  /** Bytes of the request received, head included. */
  public long bytesIn;

  /** Bytes of the answer sent, head included. */
  public long bytesOut;

  /** How many of {@link #bytesOut} are the head's: the combined format counts the body alone. */
  public int answerHeadBytes;

  /** From the request's first byte to the answer's last. */
  public long totalNanos;

  /** How long connecting took, -1 when the connection was there already or there was none. */
  public long connectNanos;

  /**
   * From the request's first byte to the first one of the endpoint's answer, -1 when there was
   * none.
   */
  public long firstByteNanos;

  /** The pool's name, null when no route matched. */
  public @Nullable String pool;

  /** The last endpoint that was tried, null when there was none. */
  public @Nullable String endpoint;

  /** How often the request was sent, or tried to be sent, to an endpoint. */
  public int attempts;

  /** Why the request did not go as it should. */
  public Reason reason = Reason.NONE;

  private byte[] bytes = new byte[INITIAL_BYTES];
  private int used;
  private final int[] starts = new int[Text.COUNT];
  private final int[] lengths = new int[Text.COUNT];

  /** A record of nothing yet. */
  public AccessRecord() {
    clear();
  }

  /** Forgets everything; the memory for texts of usual length stays. */
  public void clear() {
    startEpochMicros = 0;
    listener = "";
    client = "";
    clientPort = 0;
    minorVersion = -1;
    status = 0;
    bytesIn = 0;
    bytesOut = 0;
    answerHeadBytes = 0;
    totalNanos = 0;
    connectNanos = -1;
    firstByteNanos = -1;
    pool = null;
    endpoint = null;
    attempts = 0;
    reason = Reason.NONE;
    used = 0;
    Arrays.fill(lengths, -1);
    if (bytes.length > KEPT_BYTES) {
      bytes = new byte[INITIAL_BYTES];
    }
  }

  /**
   * Copies a text from {@code from} (inclusive) to {@code to} (exclusive), absolute indices of the
   * buffer. The first one that was given stays.
   */
  public void text(Text which, ByteBuf buf, int from, int to) {
    int field = which.index();
    if (lengths[field] >= 0) {
      return;
    }
    int given = to - from;
    int length = Math.min(given, which.limit);
    reserve(length);
    buf.getBytes(from, bytes, used, length);
    starts[field] = used;
    lengths[field] = given > length ? endWithDots(used, length) : length;
    used += lengths[field];
  }

  /** The server that a client asked for otherwise than by a request, as by SNI; null for none. */
  public void host(@Nullable String name) {
    if (name != null) {
      ByteBuf bytes = Unpooled.wrappedBuffer(name.getBytes(StandardCharsets.ISO_8859_1));
      text(Text.HOST, bytes, 0, bytes.readableBytes());
    }
  }

  /**
   * Replaces the end of a text that was cut short, and what the cut left of a UTF-8 character;
   * returns the length.
   */
  private int endWithDots(int start, int length) {
    int end = start + length - 3;
    for (int i = 0; i < 3 && isContinuation(bytes[end]); i++) {
      end--;
    }
    for (int i = 0; i < 3; i++) {
      bytes[end++] = '.';
    }
    return end - start;
  }

  private static boolean isContinuation(byte b) {
    return (b & 0xC0) == 0x80;
  }

  private void reserve(int length) {
    if (bytes.length - used < length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, used + length));
    }
  }

  byte[] bytes() {
    return bytes;
  }

  int bytesUsed() {
    return used;
  }

  int textStart(int field) {
    return starts[field];
  }

  /** -1 when the text was not given. */
  int textLength(int field) {
    return lengths[field];
  }
}
