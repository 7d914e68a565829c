package io.steelyard.model.read;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.Doc;
import io.steelyard.model.KeyPath;
import io.steelyard.model.Renamed;
import io.steelyard.model.Shape;
import org.junit.jupiter.api.Test;

/** No key has been renamed yet; a record of the test's own shows what happens when one is. */
public class RenamedKeyTest {
  /** A section with a key that had another name. */
  @Doc("A section.")
  public record Section(@Doc("A key.") @Renamed(from = "bind", in = "0.2") String address) {}

  @Test
  void formerNameIsExplained() throws Unreadable {
    var problems = new Problems();
    var root = requireNonNull(YamlReader.read("bind: x", problems));
    new Binder(new ReadSource(root), problems).section(Shape.of(Section.class), root, KeyPath.ROOT);
    assertThat(problems.all())
        .extracting(finding -> finding.format("f"))
        .containsExactly("f:1:1: error: bind: was renamed in 0.2, expected 'address'");
  }
}
