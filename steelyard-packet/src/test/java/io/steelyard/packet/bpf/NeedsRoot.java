package io.steelyard.packet.bpf;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Tests that put programs into the kernel: passed over without root, but never where tools are
 * required.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsRoot.Condition.class)
public @interface NeedsRoot {
  /** Whether they are run. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      boolean required = System.getenv("STEELYARD_TOOLS_REQUIRED") != null;
      return required || "root".equals(System.getProperty("user.name"))
          ? ConditionEvaluationResult.enabled("root, or tests may not be passed over")
          : ConditionEvaluationResult.disabled("needs root (.ci/run runs as root)");
    }
  }
}
