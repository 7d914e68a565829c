/**
 * The kernel, as far as the packet plane asks it: system calls through the foreign function API,
 * and routes and neighbours over netlink.
 */
@NullMarked
package io.steelyard.packet.linux;

import org.jspecify.annotations.NullMarked;
