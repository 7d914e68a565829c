package io.steelyard.packet;

import io.steelyard.packet.bpf.BpfException;
import io.steelyard.packet.bpf.BpfLink;
import io.steelyard.packet.bpf.BpfProgram;
import io.steelyard.packet.bpf.XdpMode;
import io.steelyard.packet.linux.Link;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A program at work at interfaces; pinned, it works on without this process. For one thread. */
final class Attachments implements AutoCloseable {
  private static final String PREFIX = "link-";

  private final List<BpfLink> links = new ArrayList<>();

  /**
   * Attaches a program, or puts it in the place of the one that a process before this one left.
   *
   * @throws IllegalArgumentException when an interface is missing
   */
  void attach(BpfProgram program, PlaneOptions options) {
    var place = options.place();
    var pins = place.pins();
    if (pins != null) {
      detachOthers(pins, place.interfaces());
    }
    for (var name : place.interfaces()) {
      links.add(attach(program, name, place.mode(), pins));
    }
  }

  /** What is pinned for interfaces that are not named any more would go on for ever. */
  private static void detachOthers(Path pins, List<String> kept) {
    try (var entries = Files.list(pins)) {
      for (var pin : entries.toList()) {
        var name = pin.getFileName().toString();
        if (name.startsWith(PREFIX) && !kept.contains(name.substring(PREFIX.length()))) {
          detach(pin);
        }
      }
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  private static void detach(Path pin) {
    try (var link = BpfLink.pinned(pin)) {
      if (link.interfaceIndex() != 0) {
        link.detach();
      }
    }
    delete(pin);
  }

  /** Takes the programs off all interfaces for which something is pinned. */
  static void detachAll(Path pins) {
    detachOthers(pins, List.of());
  }

  private static BpfLink attach(
      BpfProgram program, String name, XdpMode mode, @Nullable Path pins) {
    int index = index(name);
    if (pins == null) {
      return BpfLink.attach(program, index, mode);
    }
    var pin = pins.resolve(PREFIX + name);
    if (Files.exists(pin)) {
      var link = BpfLink.pinned(pin);
      if (link.interfaceIndex() == index) {
        link.update(program);
        return link;
      }
      // The interface went and came again, and took the program with it.
      link.close();
      delete(pin);
    }
    return pinned(BpfLink.attach(program, index, mode), pin);
  }

  private static BpfLink pinned(BpfLink link, Path pin) {
    try {
      link.pin(pin);
      return link;
    } catch (BpfException refused) {
      link.close();
      throw refused;
    }
  }

  private static void delete(Path pin) {
    try {
      Files.delete(pin);
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  /**
   * The number of an interface.
   *
   * @throws IllegalArgumentException when it is missing
   */
  static int index(String name) {
    var link = Link.find(name);
    if (link == null) {
      throw new IllegalArgumentException(
          "there is no interface " + name + " in this network namespace, found " + Link.names());
    }
    return link.index();
  }

  @Override
  public void close() {
    links.forEach(BpfLink::close);
  }
}
