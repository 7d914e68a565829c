package io.steelyard.model.read;

import static java.util.Objects.requireNonNull;

import io.steelyard.model.Configuration;
import io.steelyard.model.Finding;
import io.steelyard.model.Finding.Severity;
import io.steelyard.model.KeyPath;
import io.steelyard.model.Position;
import io.steelyard.model.Shape;
import io.steelyard.model.check.BalancerNames;
import io.steelyard.model.check.TlsFiles;
import io.steelyard.model.check.Validator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a configuration from YAML, or JSON as a part of it. Whatever the text is, the answer is a
 * configuration or findings, never an exception, in time and memory bounded by the size that is
 * permitted. Thread-safe.
 *
 * <pre>
 *  file --ConfigFile--&gt; bytes --Text--&gt; text --YamlReader--&gt; nodes --Binder--&gt; records --Validator--&gt; findings
 * </pre>
 */
public final class ConfigReader {
  private static final Comparator<Finding> BY_POSITION =
      Comparator.comparing(
          Finding::position,
          Comparator.nullsFirst(
              Comparator.comparingInt(Position::line).thenComparingInt(Position::column)));

  private final Validator validator;

  /** A reader that takes every balancer for known. */
  public ConfigReader() {
    this(BalancerNames.ANY);
  }

  /** A reader that asks {@code balancers} about each pool's balancer. */
  public ConfigReader(BalancerNames balancers) {
    this(balancers, TlsFiles.ANY);
  }

  /** A reader that asks {@code tls} about files, ciphers and curves too. */
  public ConfigReader(BalancerNames balancers, TlsFiles tls) {
    this.validator = new Validator(balancers, tls);
  }

  /** Reads a file of UTF-8 text. A file that is missing or cannot be read is a finding too. */
  public ReadResult read(Path file) {
    var name = file.toString();
    try {
      return readText(name, Text.decode(ConfigFile.read(file)));
    } catch (Unreadable e) {
      return new ReadResult(name, null, List.of(e.finding()));
    }
  }

  /**
   * Reads a text.
   *
   * @param name what the text is called in {@link ReadResult#lines}
   */
  public ReadResult readString(String name, String text) {
    requireNonNull(name, "name");
    try {
      ConfigFile.checkSize(text.length());
      return readText(name, Text.check(text));
    } catch (Unreadable e) {
      return new ReadResult(name, null, List.of(e.finding()));
    }
  }

  private ReadResult readText(String name, String text) {
    var problems = new Problems();
    try {
      var root = YamlReader.read(text, problems);
      return root == null || isNothing(root) ? nothing(name, problems) : bind(name, root, problems);
    } catch (Unreadable e) {
      var findings = new ArrayList<>(problems.all());
      findings.add(e.finding());
      return result(name, null, findings);
    }
  }

  private static boolean isNothing(Node root) {
    return root instanceof Node.Scalar scalar && scalar.type() == Node.Type.NULL;
  }

  private static ReadResult nothing(String name, Problems problems) {
    var findings = new ArrayList<>(problems.all());
    findings.add(new Unreadable("is empty, expected 'listeners' and 'pools'", null).finding());
    return result(name, null, findings);
  }

  private ReadResult bind(String name, Node root, Problems problems) {
    var source = new ReadSource(root);
    var configuration =
        new Binder(source, problems).section(Shape.of(Configuration.class), root, KeyPath.ROOT);
    var findings = new ArrayList<>(problems.all());
    boolean complete = findings.isEmpty();
    validator.validate(configuration, source).stream()
        // What looks unused may be used by what could not be read.
        .filter(finding -> complete || finding.isError())
        .forEach(findings::add);
    return result(name, configuration, findings);
  }

  private static ReadResult result(
      String name, @Nullable Configuration configuration, List<Finding> findings) {
    boolean usable = configuration != null && findings.stream().noneMatch(Finding::isError);
    return new ReadResult(name, usable ? configuration : null, shown(findings));
  }

  private static List<Finding> shown(List<Finding> findings) {
    var shown =
        new ArrayList<>(
            findings.stream().sorted(BY_POSITION).limit(Validator.MOST_FINDINGS).toList());
    if (shown.size() < findings.size()) {
      shown.add(
          new Finding(
              Severity.ERROR,
              "",
              null,
              "there are more findings, these are the first " + shown.size()));
    }
    return shown;
  }
}
