package io.steelyard.proxy.http;

import static io.netty.buffer.Unpooled.EMPTY_BUFFER;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import io.steelyard.codec.http1.BodyFraming;
import io.steelyard.codec.http1.HeadError;
import io.steelyard.codec.http1.Method;
import io.steelyard.codec.http1.RequestHead;
import io.steelyard.codec.http1.ResponseHead;
import io.steelyard.model.FixedAnswer;
import io.steelyard.net.TimerWheel.Timeout;
import io.steelyard.proxy.log.AccessRecord;
import io.steelyard.proxy.stats.Reason;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request of an HTTP/2 connection. To the {@link Exchange} its head and body look as HTTP/1.1
 * would have them; what comes back is taken apart again.
 *
 * <pre>
 *   BODY ──► WAIT ──► ANSWERED ──► closed
 *     │        │          ▲
 *     └────────┴──────────┘  answered, early or in time; what is left waits for the client's window
 * </pre>
 */
final class Http2ClientStream implements ClientStream, ChunkedData.Target {
  private static final AsciiString LOCATION = AsciiString.cached("location");
  private static final AsciiString ALLOW = AsciiString.cached("allow");
  private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
  private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
  private static final AsciiString DATE = AsciiString.cached("date");
  private static final AsciiString TEXT = AsciiString.cached("text/plain");
  private static final long MOST_PATIENCE = TimeUnit.DAYS.toNanos(365);
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(US_ASCII);

  private final Http2ClientConnection connection;
  private final HttpService service;
  private final Http2Stream stream;
  private final Timeout timeout = new Deadline();
  private @Nullable Http1Request request;
  private @Nullable BodyProgress answer;
  private @Nullable ChunkedData chunks;
  private @Nullable ChannelFuture lastWrite;
  private @Nullable CallDeadline deadline;
  private @Nullable Http2Tunnel tunnel;
  private @Nullable ByteBuf early;
  private boolean grpc;
  private boolean connect;
  private boolean connectEnded;
  private boolean unknown;
  private boolean refused;
  private boolean chunked;
  private boolean requestEnded;
  private boolean answerEnded;
  private boolean paused;
  private boolean awaited;
  private boolean closed;
  private int unconsumed;
  private int window;
  private long moved;
  private long movedBefore;
  private long expected;
  private long received;

  Http2ClientStream(Http2ClientConnection connection, HttpService service, Http2Stream stream) {
    this.connection = connection;
    this.service = service;
    this.stream = stream;
  }

  // ---- the request ----

  /**
   * It is a call of gRPC; before {@link #begin}.
   *
   * @param nanos how long its client waits for its end; -1 when it did not say
   */
  void call(long nanos) {
    grpc = true;
    if (nanos >= 0) {
      deadline = new CallDeadline();
      long wait = Math.min(nanos, MOST_PATIENCE);
      service.loop().timers().arm(deadline, service.loop().nanoTime() + wait);
    }
  }

  /**
   * It asks for a tunnel (RFC 8441), which its head does not show; before {@link #begin}.
   *
   * @param known whether it is for a protocol that there is here
   */
  void connect(boolean known) {
    connect = true;
    unknown = !known;
  }

  /**
   * The head is there.
   *
   * @param head as HTTP/1.1 has it; taken over
   * @param inChunks the body goes on in chunks
   * @param ends there is no body
   */
  void begin(ByteBuf head, boolean inChunks, boolean ends) {
    Http1Request current = service.loop().takeRequest();
    request = current;
    chunked = inChunks && !connect;
    connectEnded = ends;
    requestEnded = ends || connect; // what follows is no part of the request
    current.exchange.start(service, this);
    if (grpc) {
      current.exchange.isCall(deadline != null);
    }
    int start = head.readerIndex();
    int length = current.head.parse(head, start, head.writerIndex(), service.headLimits());
    current.exchange.addBytesIn(head.readableBytes());
    if (length != head.readableBytes()) {
      head.release();
      refuse(current, length);
      return;
    }
    accept(current, head, start);
  }

  private void refuse(Http1Request current, int length) {
    service.stats().malformed.increment();
    if (length == RequestHead.MALFORMED) {
      HeadError error = current.head.error();
      boolean large = error.status() == 414 || error.status() == 431;
      current.exchange.fail(error.status(), large ? Reason.HEAD_TOO_LARGE : Reason.BAD_REQUEST);
    } else {
      current.exchange.fail(400, Reason.BAD_REQUEST);
    }
  }

  private void accept(Http1Request current, ByteBuf head, int start) {
    service.stats().requests.increment();
    current.look(head, start);
    AccessRecord record = current.exchange.record();
    current.describe(record);
    if (record != null) {
      record.minorVersion = AccessRecord.HTTP_2;
    }
    expected = chunked || requestEnded ? -1 : current.head.contentLength();
    if (current.head.method() == Method.CONNECT) {
      head.release();
      current.exchange.fail(405, Reason.NOT_SUPPORTED);
    } else if (unknown) {
      head.release();
      current.exchange.fail(501, Reason.NOT_SUPPORTED); // RFC 9220 section 3
    } else if (expected > service.bodyLimit()) {
      head.release();
      current.exchange.fail(413, Reason.BODY_TOO_LARGE);
    } else if (current.exchange.begin(current)) {
      service.edits().hold(current, this, connect, head, connection.context().alloc());
      awaitBody();
      current.exchange.dispatch(connect, requestEnded);
    } else {
      head.release();
    }
  }

  /**
   * Part of the body.
   *
   * @return how many of the bytes may be made up for by the client at once
   */
  int requestData(ByteBuf data, boolean ends) throws Http2Exception {
    Http1Request current = request;
    int length = data.readableBytes();
    received += length;
    moved++;
    if (current == null) {
      return length; // answered already
    }
    if (connect) {
      return tunnelData(current, data, ends);
    }
    if (expected >= 0 && (received > expected || (ends && received < expected))) {
      throw Http2Exception.streamError(
          stream.id(),
          Http2Error.PROTOCOL_ERROR,
          "content-length is %d, but the body has %d bytes",
          expected,
          received);
    }
    current.exchange.addBytesIn(length);
    if (received > service.bodyLimit()) {
      current.exchange.fail(413, Reason.BODY_TOO_LARGE);
      return length;
    }
    pass(current, data, ends);
    if (paused) {
      unconsumed += length;
      return 0;
    }
    return length;
  }

  /** What comes before there is a tunnel waits for it: no more than the stream's window. */
  private int tunnelData(Http1Request current, ByteBuf data, boolean ends) {
    int length = data.readableBytes();
    Http2Tunnel open = tunnel;
    connectEnded = ends;
    current.exchange.addBytesIn(length);
    if (open == null) {
      ByteBuf before = early;
      early = Unpooled.wrappedBuffer(before == null ? EMPTY_BUFFER : before, data.retainedSlice());
      paused = true;
      unconsumed += length;
      return 0;
    }
    open.fromClient(data.retainedSlice());
    if (ends) {
      open.clientEnded();
    }
    if (open.isEndpointReady()) {
      return length;
    }
    paused = true;
    unconsumed += length;
    return 0;
  }

  private void pass(Http1Request current, ByteBuf data, boolean ends) {
    requestEnded = ends;
    int length = data.readableBytes();
    if (!chunked) {
      current.exchange.requestBody(data.retainedSlice(), ends);
    } else {
      if (length > 0) {
        current.exchange.requestBody(chunkStart(length), false);
        current.exchange.requestBody(data.retainedSlice(), false);
        current.exchange.requestBody(ends ? bytes("\r\n0\r\n\r\n") : bytes("\r\n"), ends);
      } else if (ends) {
        current.exchange.requestBody(Unpooled.wrappedBuffer(LAST_CHUNK), true);
      }
    }
    awaitBody();
  }

  private ByteBuf chunkStart(int length) {
    return bytes(Integer.toHexString(length) + "\r\n");
  }

  private ByteBuf bytes(String text) {
    ByteBuf buf = connection.context().alloc().directBuffer(text.length());
    buf.writeCharSequence(text, US_ASCII);
    return buf;
  }

  /**
   * The body has ended, with these trailers.
   *
   * @param lines as HTTP/1.1 has them at the end of chunks; taken over
   */
  void trailers(ByteBuf lines) throws Http2Exception {
    requestEnded = true;
    Http1Request current = request;
    if (current == null) {
      lines.release();
    } else if (connect) {
      lines.release(); // a tunnel has none
      tunnelData(current, EMPTY_BUFFER, true);
    } else if (chunked) {
      current.exchange.requestBody(lines, true);
      awaitBody();
    } else {
      lines.release(); // a body with a length has no room for trailers in HTTP/1.1
      requestData(EMPTY_BUFFER, true);
    }
  }

  void requestFlush() {
    Http1Request current = request;
    Http2Tunnel open = tunnel;
    if (open != null) {
      open.clientFlush();
    } else if (current != null) {
      current.exchange.requestFlush();
    }
  }

  private void awaitBody() {
    if (!requestEnded && !paused) {
      arm();
    } else if (!awaited) {
      service.loop().timers().disarm(timeout);
    }
  }

  @Override
  public void pauseRequest() {
    paused = true;
    awaitBody();
  }

  @Override
  public void resumeRequest() {
    if (!paused) {
      return;
    }
    paused = false;
    int count = unconsumed;
    unconsumed = 0;
    if (count > 0 && !closed) {
      try {
        if (connection
            .handler()
            .connection()
            .local()
            .flowController()
            .consumeBytes(stream, count)) {
          connection.flushSoon();
        }
      } catch (Http2Exception e) {
        connection.handler().onError(connection.context(), true, e);
      }
    }
    awaitBody();
  }

  // ---- the answer ----

  @Override
  public void sendInterim(ResponseHead head, ByteBuf message) {
    if (head.status() != 101) {
      writeHeaders(Http2Fields.of(head, message, false), false);
    }
    message.release();
    connection.flushSoon();
  }

  @Override
  public void sendAnswer(ResponseHead head, BodyProgress body, ByteBuf message) {
    answer = body;
    if (connect && head.status() < 300) {
      refuseTunnel(message);
      return;
    }
    Http2Headers headers =
        Http2Fields.of(head, message, grpc && body.framing() == BodyFraming.NONE);
    countHead(head.length());
    message.skipBytes(head.length());
    boolean empty =
        switch (body.framing()) {
          case NONE -> true;
          case LENGTH -> body.isComplete() && !message.isReadable();
          case CHUNKED -> startChunks();
          case UNTIL_CLOSE -> false;
        };
    writeHeaders(headers, empty);
    sendBody(message);
  }

  /** To the client a 200 would be a tunnel, and what follows its bytes. */
  private void refuseTunnel(ByteBuf message) {
    refused = true;
    message.release();
    connection
        .context()
        .executor()
        .execute(() -> {
          if (request != null) {
            request.exchange.fail(502, Reason.BAD_ANSWER);
          }
        });
  }

  private boolean startChunks() {
    ChunkedData fresh = new ChunkedData();
    chunks = fresh;
    return false;
  }

  @Override
  public void sendBody(ByteBuf part) {
    BodyProgress body = requireNonNull(answer, "answer");
    if (!part.isReadable() || answerEnded || refused) {
      part.release();
    } else if (chunks != null) {
      chunks.read(part, this);
    } else {
      data(part, body.framing() == BodyFraming.LENGTH && body.isComplete());
    }
  }

  @Override
  public void data(ByteBuf slice, boolean last) {
    int length = slice.readableBytes();
    moved++;
    service.stats().bytesOut.add(length);
    Http1Request current = request;
    if (current != null) {
      current.exchange.addBytesOut(length);
    }
    answerEnded = last;
    ChannelHandlerContext context = connection.context();
    ChannelFuture written =
        connection
            .handler()
            .encoder()
            .writeData(context, stream.id(), slice, 0, last, context.newPromise());
    if (last) {
      lastWrite = written;
    }
  }

  @Override
  public void end(ByteBuf lines, int from, int to) {
    if (from < to) {
      writeHeaders(Http2Fields.trailers(lines, from, to), true);
    } else {
      data(EMPTY_BUFFER, true);
    }
  }

  private void writeHeaders(Http2Headers headers, boolean ends) {
    answerEnded = ends;
    ChannelHandlerContext context = connection.context();
    ChannelFuture written =
        connection
            .handler()
            .encoder()
            .writeHeaders(context, stream.id(), headers, 0, ends, context.newPromise());
    if (ends) {
      lastWrite = written;
    }
  }

  private void countHead(int bytes) {
    service.stats().bytesOut.add(bytes);
    Http1Request current = request;
    if (current != null) {
      current.exchange.addBytesOut(bytes);
      current.exchange.addAnswerHeadBytes(bytes);
    }
  }

  @Override
  public void sendError(int status) {
    if (grpc) {
      writeHeaders(Grpc.error(status), true);
      connection.flushSoon();
      return;
    }
    Http1Request current = requireNonNull(request, "request");
    boolean bodyless = current.head.method() == Method.HEAD;
    byte[] text = ErrorAnswer.text(status).getBytes(US_ASCII);
    writeHeaders(errorHeaders(status, text.length, current.exchange.retryAfter()), bodyless);
    if (!bodyless) {
      data(Unpooled.wrappedBuffer(text), true);
    }
    connection.flushSoon();
  }

  private static Http2Headers errorHeaders(int status, int length, int retryAfter) {
    Http2Headers headers =
        ReadOnlyHttp2Headers.serverHeaders(
            false,
            Http2Fields.status(status),
            DATE,
            new AsciiString(ErrorAnswer.date()),
            CONTENT_TYPE,
            TEXT,
            CONTENT_LENGTH,
            new AsciiString(Integer.toString(length)));
    if (status == 405) {
      return new DefaultHttp2Headers().set(headers).set(ALLOW, ErrorAnswer.ALLOWED);
    }
    if (retryAfter == 0) {
      return headers;
    }
    return new DefaultHttp2Headers().set(headers).setInt(HttpHeaderNames.RETRY_AFTER, retryAfter);
  }

  @Override
  public void sendGiven(FixedAnswer answer) {
    if (grpc && answer.status() >= 400) {
      sendError(answer.status());
      return;
    }
    boolean bodyless = requireNonNull(request, "request").head.method() == Method.HEAD;
    byte[] body = bodyless ? new byte[0] : GivenAnswer.body(answer);
    writeHeaders(GivenAnswer.headers(answer), body.length == 0);
    if (body.length > 0) {
      data(Unpooled.wrappedBuffer(body), true);
    }
    connection.flushSoon();
  }

  @Override
  public void sendRedirect(int status, String location) {
    writeHeaders(
        ReadOnlyHttp2Headers.serverHeaders(
            false,
            Http2Fields.status(status),
            DATE,
            new AsciiString(ErrorAnswer.date()),
            LOCATION,
            new AsciiString(location),
            CONTENT_LENGTH,
            new AsciiString("0")),
        true);
    connection.flushSoon();
  }

  @Override
  public void tunnel(Http1EndpointConnection endpoint, ResponseHead head, ByteBuf message) {
    Exchange exchange = requireNonNull(request, "request").exchange;
    countHead(head.length());
    writeHeaders(Http2Fields.ofTunnel(head, message), false);
    Http2Tunnel open = new Http2Tunnel(this, endpoint, exchange, service.loop().timers());
    tunnel = open;
    message.skipBytes(head.length());
    endpoint.becomeTunnel(open);
    open.read(message);
    open.readComplete();
    passEarly(open);
  }

  /** What the client sent before it could know that it may. */
  private void passEarly(Http2Tunnel open) {
    ByteBuf before = early;
    early = null;
    if (before != null) {
      open.fromClient(before);
      open.clientFlush();
    }
    if (connectEnded) {
      open.clientEnded();
    }
    if (open.isEndpointReady()) {
      resumeRequest();
    }
  }

  /** The tunnel's other end broke, or nothing moved in it. */
  void cut() {
    forgetRequest();
    reset(Http2Error.CANCEL);
    connection.flushSoon();
  }

  /** How much the client would take now. */
  int windowSize() {
    return closed ? 0 : connection.handler().encoder().flowController().windowSize(stream);
  }

  @Override
  public void flush() {
    connection.flushSoon();
  }

  @Override
  public boolean isReady() {
    return closed || connection.isWritable(stream);
  }

  @Override
  public void awaitReady() {
    awaited = true;
    arm();
  }

  /** The client takes more of the answer. */
  void writable() {
    Http2Tunnel open = tunnel;
    if (open != null) {
      open.clientReady();
    }
    if (!awaited) {
      return;
    }
    awaited = false;
    service.loop().timers().disarm(timeout);
    Http1Request current = request;
    if (current != null) {
      awaitBody();
      current.exchange.clientReady();
    }
  }

  @Override
  public void answered() {
    if (refused) {
      abort(Reason.BAD_ANSWER);
      return;
    }
    boolean unread = connect ? !connectEnded : !requestEnded;
    forgetRequest();
    if (closed) {
      return;
    }
    if (!answerEnded) {
      data(EMPTY_BUFFER, true);
    }
    awaitReady(); // until the client has taken it all
    if (unread) {
      // Then the rest of the request is not wanted (RFC 9113 section 8.1).
      requireNonNull(lastWrite, "lastWrite")
          .addListener(_ -> {
            reset(Http2Error.NO_ERROR);
            connection.flushSoon();
          });
    }
    connection.flushSoon();
  }

  @Override
  public void abort(Reason reason) {
    forgetRequest();
    reset(Http2Error.INTERNAL_ERROR);
    connection.flushSoon();
  }

  private void reset(Http2Error error) {
    if (!closed) {
      ChannelHandlerContext context = connection.context();
      connection.handler().resetStream(context, stream.id(), error.code(), context.newPromise());
    }
  }

  // ---- time, end ----

  private void arm() {
    window = connection.handler().encoder().flowController().windowSize(stream);
    movedBefore = moved;
    service.loop().timers().arm(timeout, service.loop().nanoTime() + patience());
  }

  /** A call may be silent: whoever has something to say will. */
  private long patience() {
    Http1Request current = request;
    return grpc && !awaited && current != null
        ? current.exchange.quietNanos(service.bodyNanos())
        : service.bodyNanos();
  }

  private void timedOut() {
    service.loop().readClock();
    if (grpc && !awaited && moved != movedBefore) {
      arm(); // answers go on
      return;
    }
    if (awaited && connection.handler().encoder().flowController().windowSize(stream) != window) {
      arm(); // it takes something
      return;
    }
    Http1Request current = request;
    if (current != null && !awaited && !requestEnded) {
      current.exchange.fail(408, Reason.BODY_TIMEOUT);
      return;
    }
    gone(Reason.BODY_TIMEOUT);
    reset(Http2Error.CANCEL);
    connection.flushSoon();
  }

  /** The client does not want the answer any more, or cannot get it. */
  void gone(Reason reason) {
    Http1Request current = request;
    Http2Tunnel open = tunnel;
    if (current != null) {
      if (open != null) {
        open.clientGone(reason);
      } else {
        current.exchange.clientGone(reason);
      }
      forgetRequest();
    }
  }

  /** The stream has ended, in order or not. */
  void closed(Reason reason) {
    closed = true;
    service.loop().timers().cancel(timeout);
    gone(reason);
  }

  private void deadlineMissed() {
    service.loop().readClock();
    Http1Request current = request;
    if (current != null) {
      current.exchange.fail(504, Reason.DEADLINE);
    }
  }

  private void forgetRequest() {
    CallDeadline armed = deadline;
    if (armed != null) {
      deadline = null;
      service.loop().timers().cancel(armed);
    }
    Http1Request current = request;
    if (current != null) {
      request = null;
      service.loop().giveBack(current);
    }
    ByteBuf before = early;
    if (before != null) {
      early = null;
      before.release();
    }
    tunnel = null;
    ChunkedData held = chunks;
    if (held != null) {
      chunks = null;
      held.release();
    }
  }

  // ---- the client ----

  @Override
  public String clientAddress() {
    return connection.address().text();
  }

  @Override
  public int clientPort() {
    return connection.address().port();
  }

  @Override
  public byte[] sourceAddress() {
    return connection.address().raw();
  }

  @Override
  public InetSocketAddress source() {
    return connection.address().socket();
  }

  @Override
  public Channel channel() {
    return connection.context().channel();
  }

  @Override
  public InetSocketAddress destination() {
    return connection.address().destinationOr(localAddress());
  }

  @Override
  public byte[] destinationAddress() {
    return destination().getAddress().getAddress();
  }

  @Override
  public byte[] addressBytes() {
    return connection.address().bytes();
  }

  @Override
  public InetSocketAddress localAddress() {
    return connection.localAddress();
  }

  @Override
  public byte @Nullable [] certificateFields() {
    return connection.certificateFields();
  }

  @Override
  public boolean isMultiplexed() {
    return true;
  }

  private final class CallDeadline extends Timeout {
    @Override
    protected void expired() {
      deadlineMissed();
    }
  }

  private final class Deadline extends Timeout {
    @Override
    protected void expired() {
      timedOut();
    }
  }
}
