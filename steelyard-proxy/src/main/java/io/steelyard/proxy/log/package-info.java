/**
 * The access log: one line per request, written apart from the traffic.
 *
 * <pre>
 *   event loop 0:  AccessRecord ──offer──▶ AccessLogRing ─┐
 *                                                         ├─ LogWriter ──▶ LineFormat ──▶ LogFile
 *   event loop 1:  AccessRecord ──offer──▶ AccessLogRing ─┘  (one thread)   JSON, combined
 * </pre>
 *
 * <p>An event loop copies a record's bytes into its own ring and goes on; a record that does not
 * fit is counted as dropped. Formatting, escaping and writing cost the one writer thread, never a
 * request.
 */
@NullMarked
package io.steelyard.proxy.log;

import org.jspecify.annotations.NullMarked;
