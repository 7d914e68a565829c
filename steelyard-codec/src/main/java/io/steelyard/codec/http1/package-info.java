/**
 * HTTP/1.1 messages (RFC 9112), found in place in the buffer that they arrived in.
 *
 * <pre>
 *   bytes ──► RequestHead / ResponseHead.parse ──► offsets, framing, hop-by-hop fields
 *                     │                                   │
 *                     │ body                              ▼
 *                     ▼                               HeadEdit ──► the same bytes, fields removed and added
 *               ChunkScanner (or a count of bytes)
 * </pre>
 *
 * <p>Nothing is allocated per message, nothing is copied, and nothing throws for what a peer sent.
 * Where a lenient reading would leave doubt about where a message ends, the message is refused with
 * a {@link HeadError} or {@link ChunkError}.
 */
@NullMarked
package io.steelyard.codec.http1;

import org.jspecify.annotations.NullMarked;
