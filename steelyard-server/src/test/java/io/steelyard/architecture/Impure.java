package io.steelyard.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Set;

/** Ways out of a function of its inputs. */
final class Impure {
  static final DescribedPredicate<JavaClass> THREADS =
      DescribedPredicate.describe(
          "start, stop or hold threads",
          type ->
              type.isAssignableTo(Thread.class)
                  || type.isAssignableTo(ThreadLocal.class)
                  || type.isAssignableTo(java.util.concurrent.Executor.class)
                  || type.isAssignableTo(java.util.concurrent.Future.class)
                  || type.getPackageName().equals("java.util.concurrent.locks"));

  static final DescribedPredicate<JavaAccess<?>> CLOCKS_OR_CHANCE =
      DescribedPredicate.describe(
          "reads a clock or draws lots by itself", access -> isImpure(access.getTarget()));

  private static final Set<String> CLOCKS = Set.of("nanoTime", "currentTimeMillis");
  private static final Set<String> GENERATORS =
      Set.of(
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.util.concurrent.ThreadLocalRandom",
          "java.security.SecureRandom",
          "java.util.random.RandomGeneratorFactory");

  private Impure() {}

  private static boolean isImpure(AccessTarget target) {
    String owner = target.getOwner().getName();
    String name = target.getName();
    return (owner.equals("java.lang.System") && CLOCKS.contains(name))
        || (owner.startsWith("java.time.") && name.startsWith("now"))
        || (owner.equals("java.time.Clock") && name.startsWith("system"))
        || (owner.equals("java.lang.Math") && name.equals("random"))
        || (owner.equals("java.util.UUID") && name.equals("randomUUID"))
        || (owner.equals("java.util.random.RandomGenerator")
            && (name.equals("of") || name.equals("getDefault")))
        || (GENERATORS.contains(owner) && !name.startsWith("next"));
  }
}
