package io.steelyard.packet;

import io.steelyard.packet.bpf.BpfLink;
import io.steelyard.packet.bpf.LoadedObject;
import io.steelyard.packet.bpf.ObjectFile;
import io.steelyard.packet.bpf.ObjectLoader;
import io.steelyard.packet.bpf.XdpMode;
import io.steelyard.packet.linux.Link;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;

/**
 * For an endpoint of TUN services whose kernel does not take packets out of packets (ipip, fou): an
 * XDP program that does, for packets of known balancers only. Works until it is closed.
 * Thread-safe.
 */
public final class Decapsulator implements AutoCloseable {
  private final LoadedObject object;
  private final BpfLink link;

  private Decapsulator(LoadedObject object, BpfLink link) {
    this.object = object;
    this.link = link;
  }

  /**
   * Begins at an interface of this thread's network namespace.
   *
   * @throws IllegalArgumentException when there is no such interface
   * @throws io.steelyard.packet.bpf.BpfException when the kernel refuses
   */
  public static Decapsulator open(String interfaceName, XdpMode mode) throws IOException {
    var device = Link.of(interfaceName);
    var object = new ObjectLoader(read()).load();
    try {
      var link = BpfLink.attach(object.program("decapsulate"), device.index(), mode);
      return new Decapsulator(object, link);
    } catch (RuntimeException refused) {
      object.close();
      throw refused;
    }
  }

  private static ObjectFile read() {
    try (var in = Decapsulator.class.getResourceAsStream("endpoint.bpf.o")) {
      if (in == null) {
        throw new IllegalStateException("the jar has no object endpoint.bpf.o");
      }
      return ObjectFile.read(in.readAllBytes());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /**
   * Takes out what comes from these addresses; outer sources vary by flow, so a network is usual.
   */
  public void accept(InetAddress network, int prefixLength) {
    byte[] address = network.getAddress();
    if (prefixLength < 0 || prefixLength > address.length * Byte.SIZE) {
      throw new IllegalArgumentException(
          "prefix length " + prefixLength + ", expected 0 to " + address.length * Byte.SIZE);
    }
    try (var arena = Arena.ofConfined()) {
      var key = arena.allocate(Integer.BYTES + address.length, Integer.BYTES);
      key.set(ValueLayout.JAVA_INT, 0, prefixLength);
      key.asSlice(Integer.BYTES).copyFrom(arena.allocateFrom(ValueLayout.JAVA_BYTE, address));
      object
          .map(address.length == 4 ? "balancers4" : "balancers6")
          .update(key, arena.allocateFrom(ValueLayout.JAVA_INT, 1));
    }
  }

  @Override
  public void close() {
    link.close();
    object.close();
  }
}
