package io.steelyard.health.probe;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.re2j.Pattern;
import io.steelyard.model.HttpProbeSpec;
import io.steelyard.model.JsonExpectation;
import io.steelyard.model.SavedValue;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** One HTTP request and what is expected of its answer. Thread-safe. */
final class HttpStep {
  private final HttpProbeSpec spec;
  private final @Nullable Tls tls;
  private final Expectation body;

  HttpStep(HttpProbeSpec spec) {
    this.spec = spec;
    tls = Tls.of(spec.tls());
    body = new Expectation(spec.expectBody(), spec.expectBodyRegex());
  }

  Check.Passed run(ProbeTarget target, Values values, Deadline deadline)
      throws ProbeFailure, InterruptedException {
    var request = request(target, values);
    try (var wire = Wire.open(target, tls, deadline)) {
      wire.send(request);
      var answer = HttpAnswer.read(wire);
      if (!spec.expectStatus().contains(answer.status())) {
        throw ProbeFailure.l7("status " + answer.status() + ", expected " + spec.expectStatus());
      }
      if (body.isNone() && spec.expectJson() == null && spec.save().isEmpty()) {
        return Check.Passed.l7("status " + answer.status());
      }
      look(answer, values);
      return Check.Passed.content("status " + answer.status() + " and the content expected");
    }
  }

  private byte[] request(ProbeTarget target, Values values) throws ProbeFailure {
    var content = spec.body() == null ? null : values.fill(spec.body()).getBytes(UTF_8);
    var head = new StringBuilder(200);
    head.append(spec.method()).append(' ').append(oneWord(values.fill(spec.path())));
    head.append(" HTTP/1.1\r\n");
    addUnlessGiven(head, "Host", target.named().toString());
    addUnlessGiven(head, "User-Agent", "steelyard-probe");
    head.append("Connection: close\r\n");
    if (content != null) {
      head.append("Content-Length: ").append(content.length).append("\r\n");
    }
    spec.headers()
        .forEach((name, value) ->
            head.append(name)
                .append(": ")
                .append(Details.line(values.fill(value), Wire.MOST))
                .append("\r\n"));
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.append("\r\n").toString().getBytes(UTF_8));
    if (content != null) {
      bytes.writeBytes(content);
    }
    return bytes.toByteArray();
  }

  private void addUnlessGiven(StringBuilder head, String name, String value) {
    if (spec.headers().keySet().stream().noneMatch(name::equalsIgnoreCase)) {
      head.append(name).append(": ").append(value).append("\r\n");
    }
  }

  /** What an endpoint said must not make another request of ours. */
  private static String oneWord(String path) throws ProbeFailure {
    if (path.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
      throw ProbeFailure.content("the path " + Details.quote(path) + " would not be one word");
    }
    return path;
  }

  private void look(HttpAnswer answer, Values values) throws ProbeFailure, InterruptedException {
    var text = answer.body();
    if (!body.isMetBy(text)) {
      throw ProbeFailure.content("found " + Details.quote(text) + ", expected " + body);
    }
    var json = spec.expectJson();
    if (json != null) {
      look(json, text);
    }
    for (var saved : spec.save().entrySet()) {
      values.put(saved.getKey(), find(saved.getValue(), answer, text));
    }
  }

  private static void look(JsonExpectation expected, String text) throws ProbeFailure {
    var found = JsonText.find(text, expected.path());
    if (expected.value() != null && !expected.value().equals(found)) {
      throw ProbeFailure.content(
          expected.path()
              + " is "
              + Details.quote(found)
              + ", expected "
              + Details.quote(expected.value()));
    }
  }

  private static String find(SavedValue wanted, HttpAnswer answer, String text)
      throws ProbeFailure {
    if (wanted.json() != null) {
      return JsonText.find(text, wanted.json());
    }
    if (wanted.header() != null) {
      return answer.field(wanted.header());
    }
    var matcher = Pattern.compile(String.valueOf(wanted.regex())).matcher(text);
    if (!matcher.find() || matcher.group(1) == null) {
      throw ProbeFailure.content(
          "found " + Details.quote(text) + ", expected a match of " + wanted.regex());
    }
    return matcher.group(1);
  }
}
