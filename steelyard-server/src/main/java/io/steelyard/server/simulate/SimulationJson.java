package io.steelyard.server.simulate;

import io.steelyard.balance.simulate.SimulationResult;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * The results of simulations as JSON: everything, times in nanoseconds; null for what is not known.
 */
public final class SimulationJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .addModule(
              new SimpleModule()
                  .addSerializer(Double.class, new FiniteNumber())
                  .addSerializer(double.class, new FiniteNumber()))
          .build();

  private SimulationJson() {}

  private record Results(List<SimulationResult> results) {}

  /** The text: an object with the list {@code results}. */
  public static String of(List<SimulationResult> results) {
    return MAPPER.writeValueAsString(new Results(results)) + "\n";
  }

  /** JSON has no NaN (RFC 8259 section 6). */
  private static final class FiniteNumber extends ValueSerializer<Double> {
    @Override
    public void serialize(Double value, JsonGenerator out, SerializationContext context) {
      if (Double.isFinite(value)) {
        out.writeNumber(value);
      } else {
        out.writeNull();
      }
    }
  }
}
