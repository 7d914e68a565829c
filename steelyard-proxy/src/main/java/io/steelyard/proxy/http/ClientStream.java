package io.steelyard.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.steelyard.codec.http1.ResponseHead;
import io.steelyard.model.FixedAnswer;
import io.steelyard.proxy.stats.Reason;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of an {@link Exchange}: where its answer goes. One request of an HTTP/1.1
 * connection, or a stream of a multiplexed one. Called on the client's event loop; buffers passed
 * in are taken over.
 */
interface ClientStream {
  /** The client's address as text, for the access log and the endpoint. */
  String clientAddress();

  int clientPort();

  /** The client's address, 4 or 16 bytes; not to be changed. */
  byte[] sourceAddress();

  /** Where the client connected from. */
  InetSocketAddress source();

  /** Where it connected to. */
  InetSocketAddress destination();

  /** The address that the client connected to, 4 or 16 bytes; not to be changed. */
  byte[] destinationAddress();

  /** The client's address as it is written in a field; not to be changed. */
  byte[] addressBytes();

  /** The address that the client connected to. */
  InetSocketAddress localAddress();

  /** The connection that it came by. */
  Channel channel();

  /** The lines that tell of the client's certificate; null when there is nothing to tell. */
  byte @Nullable [] certificateFields();

  /** Is this one of several requests of one connection at a time, as in HTTP/2? */
  default boolean isMultiplexed() {
    return false;
  }

  /** Passes on an interim answer (100, 103); {@code message} is its whole head. */
  void sendInterim(ResponseHead head, ByteBuf message);

  /**
   * Sends the head of the final answer and what of its body came with it.
   *
   * @param message begins with the head; the body follows it
   */
  void sendAnswer(ResponseHead head, BodyProgress body, ByteBuf message);

  /**
   * Sends the head of a 101 answer and becomes a tunnel to the endpoint.
   *
   * @param message begins with the head; the tunnel's first bytes follow it
   */
  void tunnel(Switched endpoint, ResponseHead head, ByteBuf message);

  /** Sends more of the answer's body; {@link #flush} follows. */
  void sendBody(ByteBuf part);

  void flush();

  /**
   * Answers in the endpoint's place, then {@link Exchange#finished} is due. The answer has not
   * begun.
   */
  void sendError(int status);

  /** The same with an answer that the configuration gives. */
  void sendGiven(FixedAnswer answer);

  /**
   * Sends the client elsewhere, then {@link Exchange#finished} is due. The answer has not begun.
   */
  void sendRedirect(int status, String location);

  /**
   * Does the client take its answer as fast as it comes? When it does again, {@link
   * Exchange#clientReady} is called.
   */
  boolean isReady();

  /** The client has to take more of the answer in time. */
  void awaitReady();

  /**
   * Reads no more of the request until {@link #resumeRequest}: the endpoint does not take it as
   * fast.
   */
  void pauseRequest();

  void resumeRequest();

  /** The answer has been sent whole, the exchange is over. */
  void answered();

  /** The answer has begun and cannot be ended: the client must see that it is incomplete. */
  void abort(Reason reason);
}
