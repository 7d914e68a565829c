package io.steelyard.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The arrows of docs/architecture.md: each module knows those below it and what is named here, and
 * nothing else.
 */
class ModulesTest {
  /** From the lowest to the highest. */
  enum Module {
    MODEL("org.snakeyaml.engine.."),
    BALANCE("io.steelyard.model.."),
    CODEC("io.netty.buffer..", "io.netty.util.."),
    NET("io.steelyard.model..", "io.netty..", "org.slf4j.."),
    PROXY(
        "io.steelyard.model..",
        "io.steelyard.balance..",
        "io.steelyard.codec..",
        "io.steelyard.net..",
        "io.netty..",
        "org.slf4j.."),
    SERVER(
        "io.steelyard..",
        "io.netty..",
        "org.slf4j..",
        "ch.qos.logback..",
        "picocli..",
        "io.prometheus.metrics..",
        "tools.jackson..",
        "com.sun.net.httpserver..",
        "com.sun.management..");

    private final Set<String> known;

    Module(String... known) {
      this.known = Set.of(known);
    }

    String own() {
      return "io.steelyard." + name().toLowerCase(Locale.ROOT) + "..";
    }

    String[] mayKnow() {
      return Stream.concat(Stream.of(own(), "java..", "org.jspecify.."), known.stream())
          .toArray(String[]::new);
    }
  }

  @Test
  void thereAreNoOthers() {
    Set<String> found =
        Code.ALL.stream()
            .map(JavaClass::getPackageName)
            .map(name -> name.split("\\.")[2])
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(found)
        .containsExactlyInAnyOrder("model", "balance", "codec", "net", "proxy", "server");
  }

  @ParameterizedTest
  @EnumSource
  void knowOnlyWhatIsBelowThem(Module module) {
    classes()
        .that()
        .resideInAPackage(module.own())
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(module.mayKnow())
        .check(Code.ALL);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.steelyard.(**)").should().beFreeOfCycles().check(Code.ALL);
  }

  @Test
  void choosingKnowsNoSocketsThreadsClocksOrChance() {
    ArchRule rule =
        noClasses()
            .that()
            .resideInAPackage(Module.BALANCE.own())
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.net..", "java.nio..", "java.io..")
            .orShould()
            .dependOnClassesThat(Impure.THREADS)
            .orShould()
            .accessTargetWhere(Impure.CLOCKS_OR_CHANCE);
    rule.check(Code.ALL);
  }

  @Test
  void codecsKnowNoSocketsThreadsClocksOrChance() {
    ArchRule rule =
        noClasses()
            .that()
            .resideInAPackage(Module.CODEC.own())
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.net..", "java.nio.channels..", "java.io..", "java.time..")
            .orShould()
            .dependOnClassesThat(Impure.THREADS)
            .orShould()
            .accessTargetWhere(Impure.CLOCKS_OR_CHANCE);
    rule.check(Code.ALL);
  }

  /** They serve TCP as well. */
  @Test
  void poolsRelaysAndStatsKnowNothingOfHttp() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.steelyard.net..",
            "io.steelyard.balance..",
            "io.steelyard.proxy.pool..",
            "io.steelyard.proxy.relay..",
            "io.steelyard.proxy.route..",
            "io.steelyard.proxy.stats..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.steelyard.codec.http1..", "io.steelyard.proxy.http..")
        .check(Code.ALL);
  }
}
