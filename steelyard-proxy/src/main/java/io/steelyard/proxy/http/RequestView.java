package io.steelyard.proxy.http;

import io.steelyard.codec.BufferView;
import io.steelyard.codec.ByteView;
import io.steelyard.codec.http1.Method;

/**
 * A request's head as routing, leases, retries, limits and metrics see it, whatever protocol it
 * came with. Views are valid until the head is edited for the endpoint.
 */
interface RequestView {
  Method method();

  /** The host and port that the client wants to talk to; empty when it named none. */
  ByteView authority();

  /** The path with its query, as it was sent; {@code *} for the whole server. */
  ByteView path();

  /** The target as it was sent: a path with its query, or an absolute URI. */
  ByteView target();

  /**
   * Looks at the value of a field.
   *
   * @param after the field that was found last; -1 to find the first
   * @return which field it is, or -1 when there is none of that name any more
   */
  int field(ByteView name, int after, BufferView value);
}
