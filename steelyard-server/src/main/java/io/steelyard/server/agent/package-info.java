/** What an endpoint of DR and TUN services needs, and the one who sees to it. */
@NullMarked
package io.steelyard.server.agent;

import org.jspecify.annotations.NullMarked;
