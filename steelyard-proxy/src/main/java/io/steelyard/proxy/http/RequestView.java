package io.steelyard.proxy.http;

import io.steelyard.codec.BufferView;
import io.steelyard.codec.ByteView;
import io.steelyard.codec.http1.FieldName;
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

  /** Looks at the value of the first field of that name; false when there is none. */
  boolean field(FieldName name, BufferView value);
}
