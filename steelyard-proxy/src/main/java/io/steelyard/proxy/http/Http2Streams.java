package io.steelyard.proxy.http;

import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * The streams of a client's connection, with what is known of those that are no more: frames for
 * them mean different things (RFC 9113 sections 5.1 and 5.1.1). Two ranges of numbers have to do: a
 * client may be thought better of than it is, never worse.
 *
 * <pre>
 *   reset, by whomever        its frames may have been under way: an error of the stream
 *   ended in order            none can come: STREAM_CLOSED, of the connection
 *   passed over, never begun  PROTOCOL_ERROR, of the connection
 * </pre>
 */
final class Http2Streams extends DefaultHttp2Connection {
  private int lastBegun = -1;
  private int lastReset;
  private int passedFrom;
  private int passedTo = -1;

  Http2Streams() {
    super(true);
    addListener(new Begun());
  }

  /** The stream was reset, or refused. */
  void reset(int id) {
    lastReset = Math.max(lastReset, id);
  }

  /** Has this stream, which is no more, ended in order? Then nothing can be under way for it. */
  boolean hasEnded(int id) {
    return id > lastReset && super.streamMayHaveExisted(id);
  }

  @Override
  public boolean streamMayHaveExisted(int id) {
    if (id % 2 != 0 && id <= lastReset) {
      return true; // if only to be refused
    }
    boolean passed = id >= passedFrom && id <= passedTo;
    return !passed && super.streamMayHaveExisted(id);
  }

  private final class Begun extends Http2ConnectionAdapter {
    @Override
    public void onStreamAdded(Http2Stream stream) {
      int id = stream.id();
      if (id > lastBegun + 2) {
        passedFrom = lastBegun + 2;
        passedTo = id - 2;
      }
      lastBegun = id;
    }
  }
}
