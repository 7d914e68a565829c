package io.steelyard.model.read;

import io.steelyard.model.Configuration;
import io.steelyard.model.Finding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a text.
 *
 * @param name what the text is called, usually its file
 * @param configuration the configuration; null when there are errors
 * @param findings errors and warnings in the order of the text
 */
public record ReadResult(
    String name, @Nullable Configuration configuration, List<Finding> findings) {
  public ReadResult {
    findings = List.copyOf(findings);
  }

  /** The findings as lines for a terminal: {@code FILE:LINE:COLUMN: error: PATH: message}. */
  public List<String> lines() {
    return findings.stream().map(finding -> finding.format(name)).toList();
  }
}
