package io.steelyard.packet.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network interface of the calling thread's network namespace, asked over netlink. What Java says
 * of interfaces leaves out those without an address, and mixes namespaces.
 *
 * @param mac null when it has none
 * @param mtu in bytes from the IP header on
 */
public record Link(int index, String name, @Nullable MacAddress mac, int mtu) {
  private static final int GET_LINK = 18;
  private static final int BODY_BYTES = 16;
  private static final int INDEX_OFFSET = 4;
  private static final int FLAGS_MASK = 29;
  private static final int ADDRESS = 1;
  private static final int NAME = 3;
  private static final int MTU = 4;
  private static final int MAC_BYTES = 6;

  /** Null when there is none of this name. */
  public static @Nullable Link find(String name) {
    byte[] text = (name + "\0").getBytes(StandardCharsets.UTF_8);
    return ask(0, NAME, text);
  }

  /** Null when there is none of this number. */
  public static @Nullable Link find(int index) {
    // A mask of statistics that asks for none: netlink wants some attribute here.
    return ask(index, FLAGS_MASK, new byte[4]);
  }

  /**
   * The one of this name.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static Link of(String name) {
    var found = find(name);
    if (found == null) {
      throw new IllegalArgumentException("there is no interface " + name);
    }
    return found;
  }

  /** The names of all of them. */
  public static List<String> names() {
    try (var lines = Files.lines(Path.of("/proc/thread-self/net/dev"))) {
      return lines
          .filter(line -> line.indexOf(':') >= 0)
          .map(line -> line.substring(0, line.indexOf(':')).strip())
          .toList();
    } catch (IOException unreadable) {
      return List.of();
    }
  }

  private static @Nullable Link ask(int index, int attribute, byte[] value) {
    try (var netlink = new Netlink();
        var arena = Arena.ofConfined()) {
      var body = arena.allocate(BODY_BYTES, Integer.BYTES);
      body.set(ValueLayout.JAVA_INT, INDEX_OFFSET, index);
      var answer = netlink.ask(GET_LINK, body, attribute, value, arena);
      return answer == null ? null : read(answer);
    }
  }

  private static Link read(Netlink.Answer answer) {
    byte[] name = answer.attribute(NAME);
    byte[] mac = answer.attribute(ADDRESS);
    return new Link(
        answer.i32(INDEX_OFFSET),
        name == null ? "" : new String(name, 0, name.length - 1, StandardCharsets.UTF_8),
        mac == null || mac.length != MAC_BYTES || isZero(mac) ? null : MacAddress.of(mac),
        answer.attribute(MTU, 0));
  }

  /** What loopback has. */
  private static boolean isZero(byte[] mac) {
    for (byte each : mac) {
      if (each != 0) {
        return false;
      }
    }
    return true;
  }
}
