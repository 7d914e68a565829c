package io.steelyard.server.packet;

import io.steelyard.model.PacketProtection;
import io.steelyard.packet.AccessList;
import io.steelyard.packet.AccessRule;
import io.steelyard.packet.bpf.BpfException;
import io.steelyard.server.admin.PacketState;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may not come in, as the configuration and its file say. For one thread, but for {@link
 * #state}.
 */
final class Guard {
  private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

  private final PacketProtection spec;
  private final @Nullable AccessFile file;
  private volatile PacketState.AccessList state = new PacketState.AccessList(0, "", 0);

  Guard(PacketProtection spec) {
    this.spec = spec;
    file = spec.file() == null ? null : new AccessFile(Path.of(spec.file()));
  }

  /**
   * All rules. What the configuration says of a network counts more than what the file says of it.
   *
   * @throws IOException when the file is not there or is not understood; the message says it
   */
  List<AccessRule> rules() throws IOException {
    var rules = read();
    state = new PacketState.AccessList(rules.size(), "", state.failures());
    return rules;
  }

  private List<AccessRule> read() throws IOException {
    var rules = new ArrayList<AccessRule>();
    if (file != null) {
      try {
        rules.addAll(file.read());
      } catch (NoSuchFileException missing) {
        throw new IOException("there is no file " + spec.file(), missing);
      }
    }
    spec.deny().forEach(network -> rules.add(new AccessRule(network, false)));
    spec.allow().forEach(network -> rules.add(new AccessRule(network, true)));
    return rules;
  }

  /**
   * Brings the list up to date when the file has changed; what is wrong with it leaves what was.
   */
  void refresh(AccessList list) {
    if (file == null || !file.hasChanged()) {
      return;
    }
    var before = state;
    try {
      var rules = rules();
      list.replace(rules);
      LOG.info("Packet plane: {} networks are in the access list", rules.size());
    } catch (IOException | BpfException problem) {
      state =
          new PacketState.AccessList(
              before.networks(), String.valueOf(problem.getMessage()), before.failures() + 1);
      LOG.warn("Packet plane: the access list stays as it was: {}", problem.getMessage());
    }
  }

  /** What is in force, and what is not; null when there is no list. Thread-safe. */
  PacketState.@Nullable AccessList state() {
    return spec.hasList() ? state : null;
  }
}
