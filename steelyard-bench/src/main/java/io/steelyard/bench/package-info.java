/**
 * Is it fast, and against whom? The side-by-side run: one client, one proxy, one set of endpoints.
 *
 * <pre>
 *   wrk (1 thread) ──► contestant: nginx | HAProxy | Steelyard ──► nginx, several ports
 *        │                      │
 *        │ requests, p50, p99   │ CPU time, user part, RSS, system calls
 *        └──────────┬───────────┘
 *                 Window ──► Spread (median, min–max) ──► table, JSON
 * </pre>
 *
 * <p>Windows are interleaved (A B C A B C …), so that whatever else the machine does hits every
 * contestant alike, and CPU time is compared within one round only. What is measured and how to
 * read it is written in {@code docs/performance.md}.
 */
@NullMarked
package io.steelyard.bench;

import org.jspecify.annotations.NullMarked;
