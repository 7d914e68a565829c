/**
 * End-to-end tests: the built distribution as a process of its own, between real clients and real
 * servers. They need nginx, curl and wrk; {@link io.steelyard.e2e.Tool} tells what is missing.
 */
@NullMarked
package io.steelyard.e2e;

import org.jspecify.annotations.NullMarked;
