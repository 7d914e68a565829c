package io.steelyard.server.admin;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.util.internal.PlatformDependent;
import io.prometheus.metrics.model.snapshots.Labels;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadMXBean;
import java.util.OptionalLong;

/** The metrics of the JVM and its process. What a system does not tell is left out. */
final class RuntimeMetrics {
  private RuntimeMetrics() {}

  static void collect(MetricFamilies families) {
    memory(families);
    garbageCollection(families);
    threads(families);
    process(families);
  }

  private static void memory(MetricFamilies families) {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    usage(families, Labels.of("area", "heap"), memory.getHeapMemoryUsage());
    usage(families, Labels.of("area", "nonheap"), memory.getNonHeapMemoryUsage());
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      families.gauge(
          "steelyard_jvm_buffer_bytes",
          "Memory of the JVM's own buffers outside the heap.",
          Labels.of("pool", pool.getName()),
          pool.getMemoryUsed());
    }
    long netty = PlatformDependent.usedDirectMemory();
    if (netty >= 0) {
      families.gauge(
          "steelyard_netty_direct_bytes",
          "Memory of Netty's buffers outside the heap; may be counted in the JVM's direct buffers too.",
          Labels.EMPTY,
          netty);
    }
  }

  private static void usage(MetricFamilies families, Labels labels, MemoryUsage usage) {
    families.gauge("steelyard_jvm_memory_used_bytes", "Memory in use.", labels, usage.getUsed());
    families.gauge(
        "steelyard_jvm_memory_committed_bytes",
        "Memory the system gave.",
        labels,
        usage.getCommitted());
    if (usage.getMax() >= 0) {
      families.gauge(
          "steelyard_jvm_memory_max_bytes", "Memory there may be at most.", labels, usage.getMax());
    }
  }

  private static void garbageCollection(MetricFamilies families) {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      Labels labels = Labels.of("collector", collector.getName());
      families.counter(
          "steelyard_jvm_gc_collections",
          "Collections.",
          labels,
          Math.max(0, collector.getCollectionCount()));
      families.counter(
          "steelyard_jvm_gc_seconds",
          "Time that collections took.",
          labels,
          Math.max(0, collector.getCollectionTime()) / 1e3);
    }
  }

  private static void threads(MetricFamilies families) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    families.gauge(
        "steelyard_jvm_threads",
        "Platform threads that live.",
        Labels.EMPTY,
        threads.getThreadCount());
    families.gauge(
        "steelyard_jvm_daemon_threads",
        "Of these, daemons.",
        Labels.EMPTY,
        threads.getDaemonThreadCount());
  }

  private static void process(MetricFamilies families) {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        && system.getProcessCpuTime() >= 0) {
      families.counter(
          "steelyard_process_cpu_seconds",
          "CPU time, user and system.",
          Labels.EMPTY,
          system.getProcessCpuTime() / 1e9);
    }
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      families.gauge(
          "steelyard_process_open_fds",
          "Open file descriptors.",
          Labels.EMPTY,
          unix.getOpenFileDescriptorCount());
      families.gauge(
          "steelyard_process_max_fds",
          "File descriptors there may be at most.",
          Labels.EMPTY,
          unix.getMaxFileDescriptorCount());
    }
    OptionalLong resident = ResidentMemory.bytes();
    if (resident.isPresent()) {
      families.gauge(
          "steelyard_process_resident_memory_bytes",
          "Memory that the process holds in RAM.",
          Labels.EMPTY,
          resident.getAsLong());
    }
  }
}
