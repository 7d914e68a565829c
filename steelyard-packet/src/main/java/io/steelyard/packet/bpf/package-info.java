/**
 * eBPF objects into the kernel, without a native library: an ELF and BTF reader, and bpf(2) through
 * the foreign function API.
 *
 * <pre>
 *  bytes of a .o ──► ObjectReader ──► ObjectFile: MapSpec, ProgramSpec, DataSpec, Btf   (nothing of the kernel)
 *                                        │
 *                                        ▼   constants, sizes, maps that there are already
 *                                     ObjectLoader ──► LoadedObject: BpfMap, BpfProgram ──► BpfLink
 * </pre>
 *
 * <p>It leaves out CO-RE, which programs that only read packets do not need.
 */
@NullMarked
package io.steelyard.packet.bpf;

import org.jspecify.annotations.NullMarked;
