package io.steelyard.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.steelyard.codec.BufferView;
import io.steelyard.codec.ByteView;
import io.steelyard.codec.http1.ChunkScanner;
import io.steelyard.codec.http1.FieldName;
import io.steelyard.codec.http1.Method;
import io.steelyard.codec.http1.RequestHead;
import io.steelyard.proxy.log.AccessRecord;
import io.steelyard.proxy.log.AccessRecord.Text;
import org.jspecify.annotations.Nullable;

/**
 * What a client connection needs while a request is on its way, and only then: its parsers and its
 * exchange. Taken from the event loop's stock with a request's first byte and given back when it is
 * answered, so that idle connections hold none.
 */
final class Http1Request implements RequestView {
  /** What trailers and chunk extensions may take, in bytes. */
  private static final int CHUNK_LIMIT = 16 * 1024;

  private static final ByteView WHOLE_SERVER = ByteView.of("*");
  private static final ByteView ROOT = ByteView.of("/");

  final RequestHead head = new RequestHead();
  final BodyProgress body = new BodyProgress(new ChunkScanner(CHUNK_LIMIT));
  final Exchange exchange;
  final AnswerWriter answer;

  private final BufferView authority = new BufferView();
  private final BufferView path = new BufferView();
  private final BufferView target = new BufferView();
  private ByteBuf buf = Unpooled.EMPTY_BUFFER;
  private int start;

  Http1Request(HttpLoop loop) {
    this.exchange = new Exchange(loop);
    this.answer = new AnswerWriter(loop.edit(), exchange);
  }

  /** Looks at the complete head that begins at {@code from}. */
  void look(ByteBuf source, int from) {
    buf = source;
    start = from;
    authority.set(source, from + head.authorityStart(), from + head.authorityEnd());
    path.set(source, from + head.pathStart(), from + head.pathEnd());
    target.set(source, from + head.targetStart(), from + head.targetEnd());
  }

  /** Copies into the access log's record what it says of the request's head. */
  void describe(@Nullable AccessRecord record) {
    if (record == null) {
      return;
    }
    record.minorVersion = head.minorVersion();
    record.text(Text.METHOD, buf, start + head.startLineStart(), start + head.methodEnd());
    record.text(Text.TARGET, buf, start + head.targetStart(), start + head.targetEnd());
    record.text(Text.HOST, buf, start + head.authorityStart(), start + head.authorityEnd());
    describe(record, Text.USER_AGENT, FieldName.USER_AGENT);
    describe(record, Text.REFERER, FieldName.REFERER);
  }

  private void describe(AccessRecord record, Text text, FieldName name) {
    int field = head.find(name);
    if (field >= 0) {
      record.text(text, buf, start + head.valueStart(field), start + head.valueEnd(field));
    }
  }

  /** Forgets the request. */
  void reset() {
    head.reset();
    answer.reset();
    authority.clear();
    path.clear();
    target.clear();
    buf = Unpooled.EMPTY_BUFFER;
  }

  @Override
  public Method method() {
    return head.method();
  }

  @Override
  public ByteView authority() {
    return authority;
  }

  @Override
  public ByteView path() {
    if (path.length() > 0 && path.at(0) != '?') {
      return path;
    }
    return head.method() == Method.OPTIONS ? WHOLE_SERVER : ROOT;
  }

  @Override
  public ByteView target() {
    return target;
  }

  @Override
  public int field(ByteView name, int after, BufferView value) {
    for (int field = after + 1; field < head.fieldCount(); field++) {
      value.set(buf, start + head.nameStart(field), start + head.nameEnd(field));
      if (value.equalsIgnoreCase(name)) {
        value.set(buf, start + head.valueStart(field), start + head.valueEnd(field));
        return field;
      }
    }
    return -1;
  }
}
