package io.steelyard.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.lang.ArchRule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The arrows of docs/architecture.md: each module knows those below it and what is named here, and
 * nothing else.
 */
class ModulesTest {
  /** A module and what it knows beside itself and the JDK. */
  record Module(String name, List<String> known) {
    static Module of(String name, String... known) {
      return new Module(name, List.of(known));
    }

    String own() {
      return "io.steelyard." + name + "..";
    }

    String[] mayKnow() {
      return Stream.concat(Stream.of(own(), "java..", "org.jspecify.."), known.stream())
          .toArray(String[]::new);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static final Module BALANCE = Module.of("balance", "io.steelyard.model..");

  /** Values, not sockets: headers say them. */
  private static final DescribedPredicate<JavaClass> ADDRESSES =
      assignableTo(InetAddress.class)
          .or(assignableTo(InetSocketAddress.class))
          .or(assignableTo(UnknownHostException.class));

  private static final Module CODEC = Module.of("codec", "io.netty.buffer..", "io.netty.util..");

  /** From the lowest to the highest. */
  private static final List<Module> MODULES =
      List.of(
          Module.of("model", "org.snakeyaml.engine..", "com.google.re2j.."),
          BALANCE,
          CODEC,
          Module.of(
              "health",
              "io.steelyard.model..",
              "io.steelyard.balance..",
              "com.google.re2j..",
              "tools.jackson..",
              "io.netty.buffer..", // with the codec: HPACK, for probes of gRPC
              "io.netty.handler.codec.http2..",
              "javax.net.ssl..",
              "org.slf4j.."),
          Module.of(
              "packet",
              "io.steelyard.model..",
              "io.steelyard.balance..",
              "com.sun.net.httpserver.."), // the laboratory's endpoints
          Module.of(
              "net",
              "io.steelyard.model..",
              "io.netty..",
              "javax.naming..", // a certificate's names
              "javax.net.ssl..",
              "javax.security.auth.x500..",
              "org.slf4j.."),
          Module.of(
              "proxy",
              "io.steelyard.model..",
              "io.steelyard.balance..",
              "io.steelyard.codec..",
              "io.steelyard.net..",
              "com.google.re2j..", // routes by what a client sends first
              "io.netty..",
              "javax.net.ssl..",
              "javax.security.auth.x500..",
              "org.slf4j.."),
          Module.of(
              "server",
              "io.steelyard..",
              "io.netty..",
              "org.slf4j..",
              "ch.qos.logback..",
              "picocli..",
              "io.prometheus.metrics..",
              "tools.jackson..",
              "com.sun.net.httpserver..",
              "com.sun.management.."));

  @Test
  void thereAreNoOthers() {
    List<String> found =
        Code.ALL.getPackage("io.steelyard").getSubpackages().stream()
            .map(JavaPackage::getRelativeName)
            .toList();
    assertThat(found)
        .containsExactlyInAnyOrderElementsOf(MODULES.stream().map(Module::name).toList());
  }

  @ParameterizedTest
  @FieldSource("MODULES")
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
            .resideInAPackage(BALANCE.own())
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.net..", "java.nio.channels..", "java.nio.file..", "java.io..")
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
            .resideInAPackage(CODEC.own())
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("java.net..", "java.nio.channels..", "java.io..", "java.time..")
                    .and(not(ADDRESSES)))
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
