package io.steelyard.health.probe;

import io.steelyard.model.JsonPath;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Finds values in JSON documents of endpoints. */
final class JsonText {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private JsonText() {}

  /** The value at a path, as text: of an object or array as JSON, else its bare value. */
  static String find(String document, String path) throws ProbeFailure {
    JsonNode node;
    try {
      node = MAPPER.readTree(document);
    } catch (JacksonException e) {
      throw ProbeFailure.content("found " + Details.quote(document) + ", expected JSON");
    }
    for (var step : JsonPath.parse(path).steps()) {
      node =
          switch (step) {
            case JsonPath.Step.Member member -> node.path(member.name());
            case JsonPath.Step.Element element ->
                node.path(element.index() < 0 ? node.size() + element.index() : element.index());
          };
    }
    if (node.isMissingNode() || node.isNull()) {
      throw ProbeFailure.content(path + " is not there, found " + Details.quote(document));
    }
    return node.isValueNode() ? node.asString() : node.toString();
  }
}
