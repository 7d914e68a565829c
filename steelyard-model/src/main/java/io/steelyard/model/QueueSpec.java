package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How requests wait while a pool is saturated. */
@Doc(
    "How requests wait while all endpoints have as much to do as `limits`, `max-in-flight` or the adaptive limit allow, instead of being answered 503 at"
        + " once. First come, first served within a class. Each event loop has a queue; what becomes free is offered to them in turn.")
public record QueueSpec(
    @Doc("How many requests may wait, over all event loops; more are answered 503.")
        @Default("1000")
        @Range(min = "1", max = "1000000")
        int length,
    @Doc("How long a request waits until it is answered 503.")
        @Default("1s")
        @Range(min = "1ms", max = "1h")
        Duration timeout,
    @Doc(
            "Classes of service, from the first to the last. A route's `service-class` names one; requests of other routes are of the last.")
        @Default("[]")
        @NotEmpty
        List<QueueClass> classes,
    @Doc(
            "How classes follow each other: the first before the second, always (`strict`), or by their weights (`weighted`).")
        @Default("strict")
        Order order,
    @Doc(
            "Who has waited for so long goes before all who have not, whatever the class, so that nobody starves. Absent: half of `timeout`.")
        @Range(min = "1ms", max = "1h")
        @Nullable Duration fairAfter) {
  /** How classes follow each other. */
  public enum Order {
    STRICT,
    WEIGHTED
  }

  public QueueSpec {
    requireNonNull(timeout, "timeout");
    classes = List.copyOf(classes);
    requireNonNull(order, "order");
  }

  /** The section with every key at its default. */
  public static QueueSpec defaults() {
    return Shape.of(QueueSpec.class).defaults();
  }

  /** With another length and timeout. */
  public static QueueSpec of(int length, Duration timeout) {
    QueueSpec usual = defaults();
    return new QueueSpec(length, timeout, usual.classes, usual.order, usual.fairAfter);
  }

  /** This with other {@link #classes}, in another {@link #order}. */
  public QueueSpec withClasses(List<QueueClass> values, Order value) {
    return new QueueSpec(length, timeout, values, value, fairAfter);
  }

  /** {@link #fairAfter}, or what stands for it. */
  public Duration effectiveFairAfter() {
    return fairAfter == null ? timeout.dividedBy(2) : fairAfter;
  }

  /** The number of the class with a name; of the last when there is none, or it has no name. */
  public int classOf(@Nullable String name) {
    for (int i = 0; i < classes.size(); i++) {
      if (classes.get(i).name().equals(name)) {
        return i;
      }
    }
    return Math.max(0, classes.size() - 1);
  }
}
