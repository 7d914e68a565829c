package io.steelyard.proxy.http;

import io.netty.buffer.ByteBuf;

/**
 * The endpoint's side of an {@link Exchange}: where its request goes. One request of an HTTP/1.1
 * connection, or a stream of a multiplexed one. Called on the event loop; buffers passed in are
 * taken over.
 */
interface EndpointStream {
  /**
   * Sends the request as far as it is held. The request is kept to be sent again when {@code keep}
   * says so.
   */
  void sendHeld(HeldRequest held, boolean keep);

  /** Sends the request's head, or more of its body; {@link #flush} follows. */
  void sendBody(ByteBuf part);

  void flush();

  /** The request has been sent whole: its answer is due. */
  void requestSent();

  /**
   * Does the endpoint take the request as fast as it comes? When it does again, {@link
   * Exchange#endpointReady} is called.
   */
  boolean isReady();

  /** The endpoint has to take more of the request in time. */
  void awaitReady();

  /**
   * Reads no more of the answer until {@link #resumeAnswer}: the client does not take it as fast.
   */
  void pauseAnswer();

  void resumeAnswer();

  /**
   * Does the endpoint say so when it has done nothing with a request? Then any can be repeated, and
   * is worth holding.
   */
  boolean tellsRefusals();

  /**
   * Was the connection used before this request? Then the endpoint may have closed it meanwhile.
   */
  boolean isReused();

  /**
   * The exchange is over; the connection is kept for another request if it can be and {@code
   * reusable} allows.
   */
  void release(boolean reusable);

  /** The attempt that it is being opened for no longer needs it. */
  void abandon();

  /** The exchange is over and the answer no longer wanted. */
  void cancel();
}
