package io.steelyard.proxy.http;

import io.netty.buffer.ByteBuf;
import io.steelyard.balance.Outcome;
import io.steelyard.codec.http1.ResponseHead;
import io.steelyard.proxy.stats.Reason;

/**
 * What happens on the endpoint's side of an exchange. Called on the event loop; buffers passed in
 * are taken over. After {@link #answerComplete}, {@link #declined} or {@link #endpointFailed} the
 * connection belongs to the exchange no longer.
 */
interface EndpointEvents {
  /** A connection is being opened. */
  void connecting(EndpointStream connection);

  /** The connection that was being opened is there. */
  void connected(EndpointStream connection);

  /** The connection that was being opened cannot be had. */
  void connectFailed(Reason reason, Outcome outcome);

  /** The whole head of an interim answer (1xx). */
  void interim(ResponseHead head, ByteBuf message);

  /**
   * The head of the final answer has come. When it is not wanted, {@link #declined} follows in
   * place of {@link #answer}.
   */
  boolean wants(ResponseHead head);

  /**
   * The status of gRPC that a call ended with; before {@link #wants} or {@link #answerComplete}.
   */
  void callEnded(int status);

  /** The answer that was not wanted has been thrown away, and the connection released. */
  void declined(int status);

  /**
   * The head of the final answer, and after it in {@code message} what of the body came with it.
   */
  void answer(ResponseHead head, BodyProgress body, ByteBuf message);

  /** More of the answer's body; {@link #answerFlush} or {@link #answerComplete} follows. */
  void answerBody(ByteBuf part);

  /** What the endpoint had sent so far has been read. */
  void answerFlush();

  /**
   * The answer's last byte has been passed on.
   *
   * @param reusable the endpoint would take another request on this connection
   */
  void answerComplete(boolean reusable);

  /**
   * The endpoint agreed to speak another protocol: what it did so on is a tunnel from now on.
   *
   * @param head of an answer 101
   */
  void switched(Switched endpoint, ResponseHead head, ByteBuf message);

  /** The endpoint takes bytes again. */
  void endpointReady();

  /** The connection has failed; it is closed, or being closed. */
  void endpointFailed(Reason reason, Outcome outcome);
}
