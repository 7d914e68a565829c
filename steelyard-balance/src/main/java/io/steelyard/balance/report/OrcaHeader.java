package io.steelyard.balance.report;

import io.steelyard.balance.LoadReport;

/**
 * The field {@code endpoint-load-metrics} of an answer, in which an endpoint reports its load with
 * each request (ORCA, Open Request Cost Aggregation): {@code TEXT cpu_utilization=0.3,
 * named_metrics.queue=4} or {@code JSON {"cpu_utilization": 0.3, "named_metrics": {"queue": 4}}}.
 * The word before it may be missing from texts. {@code BIN}, a protocol buffer in Base64, is not
 * read.
 *
 * <p>{@code cpu_utilization}, {@code mem_utilization} and {@code application_utilization} are
 * called {@code cpu}, {@code memory} and {@code application} as in other reports, and {@code
 * named_metrics.queue} is called {@code queue}.
 *
 * <p>Source: xds.data.orca.v3.OrcaLoadReport, envoyproxy/envoy#6614.
 */
public final class OrcaHeader {
  /** The field's name. */
  public static final String FIELD = "endpoint-load-metrics";

  private static final String NAMED = "named_metrics";
  private static final int LONGEST = 8 * 1024;

  private OrcaHeader() {}

  /** The metrics in the field's value; what makes no sense is left out, at worst everything. */
  public static LoadReport parse(String value, long now) {
    var text = value.length() > LONGEST ? value.substring(0, LONGEST) : value.strip();
    if (text.startsWith("JSON ") || text.startsWith("{")) {
      return JsonLoad.parse(text.substring(text.startsWith("{") ? 0 : 5), NAMED, now);
    }
    var metrics = new Metrics();
    if (!text.startsWith("BIN ")) {
      for (var pair : text.substring(text.startsWith("TEXT ") ? 5 : 0).split(",", -1)) {
        int separator = Math.max(pair.indexOf('='), pair.indexOf(':'));
        if (separator > 0) {
          var name = pair.substring(0, separator).strip();
          metrics.add(
              name.startsWith(NAMED + ".") ? name.substring(NAMED.length() + 1) : name,
              pair.substring(separator + 1).strip());
        }
      }
    }
    return metrics.report(now);
  }
}
