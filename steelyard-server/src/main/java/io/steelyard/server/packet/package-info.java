/**
 * Listeners whose packets the kernel carries: from the configuration to the packet plane's services
 * and tables, and back to status and metrics.
 *
 * <pre>
 *   Configuration ─► VirtualServices ─► CarriedService ─┐
 *   PoolCare (health) ──────────────────► Carrier ──────┴─► ForwardingPlane, VirtualAddresses
 * </pre>
 */
@NullMarked
package io.steelyard.server.packet;

import org.jspecify.annotations.NullMarked;
