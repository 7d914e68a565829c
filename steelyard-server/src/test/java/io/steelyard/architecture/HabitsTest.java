package io.steelyard.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaPackage;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What every class holds to. */
class HabitsTest {
  @Test
  void everyPackageIsNullMarked() {
    List<String> unmarked =
        Code.ALL.getPackage("io.steelyard").getSubpackagesInTree().stream()
            .filter(declared -> !declared.getClasses().isEmpty())
            .filter(declared -> !declared.isAnnotatedWith(NullMarked.class))
            .map(JavaPackage::getName)
            .toList();
    assertThat(unmarked).isEmpty();
  }

  /** Two instances run in one process. */
  @Test
  void staticFieldsAreFinal() {
    fields().that().areStatic().should().beFinal().check(Code.ALL);
  }

  @Test
  void staticFieldsHoldNothingThatChanges() {
    noFields()
        .that()
        .areStatic()
        .should()
        .haveRawType(
            DescribedPredicate.describe("that are made to change", HabitsTest::isMadeToChange))
        .check(Code.ALL);
  }

  private static boolean isMadeToChange(JavaClass type) {
    return type.getPackageName().startsWith("java.util.concurrent.atomic")
        || type.isAssignableTo(ThreadLocal.class)
        || type.isAssignableTo(RandomGenerator.class)
        || type.isAssignableTo(StringBuilder.class)
        || isMutableCollection(type);
  }

  /** The interfaces may be of unmodifiable ones, and usually are. */
  private static boolean isMutableCollection(JavaClass type) {
    return !type.isInterface()
        && (type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class));
  }

  @Test
  void nobodyUsesJavaUtilLogging() {
    NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(Code.ALL);
  }

  /** Commands speak to the person at the terminal through what picocli hands them. */
  @Test
  void nobodyWritesToTheStandardStreams() {
    noClasses().should(ACCESS_STANDARD_STREAMS).check(Code.ALL);
  }

  @Test
  void onlyTheCommandLineEndsTheProcess() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.steelyard.server.Main")
        .and()
        .doNotHaveFullyQualifiedName("io.steelyard.server.Signals")
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .orShould()
        .callMethod(Runtime.class, "exit", int.class)
        .check(Code.ALL);
  }
}
