/**
 * The packet plane: services at layer 3 and 4 that the kernel carries by itself. Java chooses,
 * writes tables and reads counters; no packet enters the JVM.
 *
 * <pre>
 *  VirtualService, ForwardingTable ──► KernelForwardingPlane ──► FamilyPlane (IPv4, IPv6)
 *                                            │                       │ maps: services, endpoints, tables, flows …
 *                                            └ links, pins           ▼
 *      frame ──► XDP: forward.bpf.c ──► connection table, else table of slots ──► DR, TUN, NAT, FullNAT ──► out
 * </pre>
 */
@NullMarked
package io.steelyard.packet;

import org.jspecify.annotations.NullMarked;
