package io.steelyard.proxy.http;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.steelyard.codec.http1.BodyFraming;
import io.steelyard.codec.http1.HeadEdit;
import io.steelyard.codec.http1.ResponseHead;
import io.steelyard.model.FixedAnswer;
import io.steelyard.proxy.http.AnswerEdits.Connection;
import io.steelyard.proxy.stats.Counter;
import org.jspecify.annotations.Nullable;

/**
 * Writes the answer to one request as an HTTP/1.1 connection's client may get it: with the fields
 * of this connection, and without chunks when the client does not know them (HTTP/1.0). Reused for
 * many requests; flushing is the caller's.
 */
final class AnswerWriter {
  private final HeadEdit edit;
  private final Exchange exchange;
  private final ChunkStripper stripper = new ChunkStripper();
  private @Nullable ChannelHandlerContext target;
  private @Nullable Counter bytesOut;
  private boolean old;
  private boolean strip;
  private boolean endsAtClose;

  AnswerWriter(HeadEdit edit, Exchange exchange) {
    this.edit = edit;
    this.exchange = exchange;
  }

  /** A request has begun to arrive; until more is known its client is taken for a modern one. */
  void start(ChannelHandlerContext client, Counter counter) {
    target = client;
    bytesOut = counter;
    old = false;
    strip = false;
    endsAtClose = false;
  }

  /** The client speaks HTTP/1.0. */
  void old() {
    old = true;
  }

  /** Lets go of the connection. */
  void reset() {
    target = null;
    bytesOut = null;
  }

  /** Takes over {@code message}, which is the whole head. */
  void interim(ResponseHead head, ByteBuf message) {
    if (old) {
      message.release(); // HTTP/1.0 knows no interim answers
    } else {
      head(head, message, Connection.OPEN);
    }
  }

  /**
   * Gets to know how the answer is framed.
   *
   * @return whether its end is the end of the connection
   */
  boolean frame(BodyFraming framing) {
    strip = old && framing == BodyFraming.CHUNKED;
    endsAtClose = strip || framing == BodyFraming.UNTIL_CLOSE;
    return endsAtClose;
  }

  /** Does only the end of the connection tell where the answer that has begun ends? */
  boolean endsAtClose() {
    return endsAtClose;
  }

  /** Takes over {@code message}: the head and what of the body came with it. */
  void answer(ResponseHead head, ByteBuf message, boolean keepAlive) {
    head(head, message, connection(keepAlive));
  }

  /** Takes over {@code message}: the head of a 101 answer and the first bytes after it. */
  void switching(ResponseHead head, ByteBuf message) {
    head(head, message, Connection.UPGRADE);
  }

  private Connection connection(boolean keepAlive) {
    if (!keepAlive) {
      return Connection.CLOSE;
    }
    return old ? Connection.KEEP_ALIVE : Connection.OPEN;
  }

  private void head(ResponseHead head, ByteBuf message, Connection connection) {
    AnswerEdits.prepare(edit, head, message, connection, old);
    exchange.addAnswerHeadBytes(edit.editedLength());
    int start = message.readerIndex();
    int begin =
        edit.isEmpty() ? start : edit.applyInPlace(message, start, start, message.writerIndex());
    if (begin != HeadEdit.NO_ROOM && !strip) {
      write(message.readerIndex(begin));
      return;
    }
    if (begin == HeadEdit.NO_ROOM) {
      write(edit.copy(message, start, target().alloc()));
      message.skipBytes(head.length());
    } else {
      write(message.retainedSlice(begin, edit.editedLength()));
      message.readerIndex(begin + edit.editedLength());
    }
    if (strip) {
      stripper.reset();
    }
    body(message);
  }

  /** Takes over {@code part}. */
  void body(ByteBuf part) {
    if (strip) {
      count(stripper.write(target(), part));
    } else {
      write(part);
    }
  }

  /** A whole answer in an endpoint's place. */
  void error(int status, boolean bodyless, boolean keepAlive) {
    String connection = keepAlive ? (old ? "keep-alive" : "") : "close";
    ByteBuf message = ErrorAnswer.write(target().alloc(), status, bodyless, connection);
    int bodyBytes = bodyless ? 0 : ErrorAnswer.bodyLength(status);
    exchange.addAnswerHeadBytes(message.readableBytes() - bodyBytes);
    write(message);
  }

  /** A whole answer that the configuration gives. */
  void given(FixedAnswer answer, boolean bodyless, boolean keepAlive) {
    String connection = keepAlive ? (old ? "keep-alive" : "") : "close";
    ByteBuf message = GivenAnswer.write(target().alloc(), answer, bodyless, connection);
    int bodyBytes = bodyless ? 0 : GivenAnswer.bodyLength(answer);
    exchange.addAnswerHeadBytes(message.readableBytes() - bodyBytes);
    write(message);
  }

  /** A whole answer that sends the client elsewhere. */
  void redirect(int status, String location, boolean keepAlive) {
    String connection = keepAlive ? (old ? "keep-alive" : "") : "close";
    ByteBuf message = ErrorAnswer.redirect(target().alloc(), status, location, connection);
    exchange.addAnswerHeadBytes(message.readableBytes());
    write(message);
  }

  private void write(ByteBuf bytes) {
    count(bytes.readableBytes());
    ChannelHandlerContext client = target();
    client.write(bytes, client.voidPromise());
  }

  private void count(int bytes) {
    requireNonNull(bytesOut, "bytesOut").add(bytes);
    exchange.addBytesOut(bytes);
  }

  private ChannelHandlerContext target() {
    return requireNonNull(target, "target");
  }
}
