package io.steelyard.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringAdaptiveBufferRingAllocator;
import io.netty.channel.uring.IoUringBufferRingConfig;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.util.Map;

/**
 * io_uring with multishot receive out of a ring of buffers that all of a loop's connections share.
 */
final class IoUringSockets {
  private static final short READ_BUFFERS = 1;
  private static final short READ_BUFFER_COUNT = 1024;
  private static final int SUBMISSION_RING = 4096;

  private IoUringSockets() {}

  static Sockets open(ByteBufAllocator allocator) throws TransportUnavailableException {
    requireFeatures();
    IoUringIoHandlerConfig config =
        new IoUringIoHandlerConfig()
            .setRingSize(SUBMISSION_RING)
            .setBufferRingConfig(
                IoUringBufferRingConfig.builder()
                    .bufferGroupId(READ_BUFFERS)
                    .bufferRingSize(READ_BUFFER_COUNT)
                    .batchSize(64)
                    .allocator(
                        new IoUringAdaptiveBufferRingAllocator(allocator, 2048, 2048, 64 * 1024))
                    .build());
    return new Sockets(
        IoUringIoHandler.newFactory(config),
        _ -> new IoUringServerSocketChannel(),
        _ -> new IoUringSocketChannel(),
        _ -> new IoUringDatagramChannel(),
        null,
        Map.of(UnixChannelOption.SO_REUSEPORT, true),
        Map.of(IoUringChannelOption.IO_URING_BUFFER_GROUP_ID, READ_BUFFERS),
        allocator);
  }

  private static void requireFeatures() throws TransportUnavailableException {
    if (!IoUring.isAvailable()) {
      throw TransportUnavailableException.because(
          "transport io-uring is not available here (use transport: epoll)",
          IoUring.unavailabilityCause());
    }
    if (!IoUring.isRegisterBufferRingSupported()) {
      throw new TransportUnavailableException(
          "transport io-uring needs registered buffer rings (Linux 5.19 or newer), which this kernel lacks;"
              + " use transport: epoll");
    }
  }
}
