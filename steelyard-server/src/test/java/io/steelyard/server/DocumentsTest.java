package io.steelyard.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.balancer.Balancers;
import io.steelyard.model.read.ConfigReader;
import io.steelyard.model.read.ReadResult;
import io.steelyard.proxy.stats.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** What the documents say is true: configurations, commands and links. */
class DocumentsTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\n(.*?)^```$");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
  private static final Pattern COMMAND = Pattern.compile("(?m)^\\./steelyard +([^#\n]*)");

  static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    for (Path directory : List.of(ROOT, ROOT.resolve("docs"))) {
      try (Stream<Path> files = Files.list(directory)) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
      }
    }
    return documents;
  }

  private static List<String> blocks(Path document, String language) throws IOException {
    return BLOCK
        .matcher(Files.readString(document))
        .results()
        .filter(block -> block.group(1).equals(language))
        .map(block -> block.group(2))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void configurationsAreValid(Path document) throws IOException {
    ConfigReader reader = new ConfigReader(new KnownBalancers(Balancers.standard()));
    for (String yaml : blocks(document, "yaml")) {
      if (yaml.contains("listeners:")) {
        ReadResult result = reader.readString(document.toString(), yaml);
        assertThat(result.lines()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void commandsExist(Path document) throws IOException {
    for (String block : blocks(document, "sh")) {
      for (MatchResult command : COMMAND.matcher(block).results().toList()) {
        ParseResult parsed = Main.commandLine().parseArgs(command.group(1).strip().split(" +"));
        assertThat(parsed.hasSubcommand()).as(command.group()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void linksLeadSomewhere(Path document) throws IOException {
    List<String> links =
        LINK.matcher(Files.readString(document)).results().map(link -> link.group(1)).toList();
    assertThat(links).allSatisfy(link -> assertThat(document.resolveSibling(link)).exists());
  }

  @Test
  void operationsHasEveryCommand() throws IOException {
    String operations = Files.readString(ROOT.resolve("docs/operations.md"));
    CommandLine commands = Main.commandLine();
    assertThat(commands.getSubcommands().keySet())
        .allSatisfy(name -> assertThat(operations).contains("`steelyard " + name));
  }

  @ParameterizedTest
  @EnumSource(value = Reason.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void operationsHasEveryReason(Reason reason) throws IOException {
    assertThat(Files.readString(ROOT.resolve("docs/operations.md")))
        .contains("`" + reason.text() + "`");
  }

  @Test
  void algorithmsHasEveryBalancer() throws IOException {
    String algorithms = Files.readString(ROOT.resolve("docs/algorithms.md"));
    assertThat(Balancers.standard().names())
        .allSatisfy(name -> assertThat(algorithms).contains("`" + name + "`"));
  }
}
