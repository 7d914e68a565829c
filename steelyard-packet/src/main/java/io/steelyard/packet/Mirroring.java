package io.steelyard.packet;

import io.steelyard.model.Cidr;
import java.util.List;

/**
 * Who gets a copy of what is carried for {@linkplain VirtualService#mirrored some services}: the
 * frames as they leave, in both directions where both pass here.
 *
 * @param tap the interface that copies are sent by
 * @param sources whose connections; none: everybody's
 */
public record Mirroring(String tap, List<Cidr> sources) {
  public Mirroring {
    sources = List.copyOf(sources);
  }
}
