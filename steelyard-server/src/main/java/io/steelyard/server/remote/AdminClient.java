package io.steelyard.server.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.steelyard.model.Address;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks the admin port of a running process. */
final class AdminClient {
  private static final int PATIENCE_MILLIS = (int) Duration.ofSeconds(10).toMillis();
  private static final JsonMapper JSON = new JsonMapper();

  private final Address address;

  AdminClient(Address address) {
    this.address = address;
  }

  /** The process cannot be asked, or does not do it; the message is for people. */
  static final class AdminException extends Exception {
    private static final long serialVersionUID = 1;
    private final boolean usage;

    AdminException(String message, boolean usage, @Nullable Throwable cause) {
      super(message, cause);
      this.usage = usage;
    }

    /** Whether what was asked for was wrong. */
    boolean isUsage() {
      return usage;
    }
  }

  /** The answer's text. */
  String get(String path) throws AdminException {
    return send("GET", path, null);
  }

  /** The answer as JSON. */
  JsonNode getJson(String path) throws AdminException {
    return json(get(path));
  }

  /** Sends JSON and returns the answer. */
  JsonNode put(String path, String body) throws AdminException {
    return json(send("PUT", path, body));
  }

  private JsonNode json(String text) throws AdminException {
    try {
      return JSON.readTree(text);
    } catch (JacksonException e) {
      throw new AdminException(
          address + " does not answer with JSON: is it Steelyard's admin port?", false, e);
    }
  }

  private String send(String method, String path, @Nullable String body) throws AdminException {
    try {
      HttpURLConnection connection = open(path);
      connection.setRequestMethod(method);
      if (body != null) {
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/json");
        connection.getOutputStream().write(body.getBytes(UTF_8));
      }
      return answer(connection);
    } catch (IOException e) {
      throw new AdminException(
          "no answer from the admin port " + address + ": " + e.getMessage(), false, e);
    }
  }

  private HttpURLConnection open(String path) throws IOException {
    var to = new Address(address.host().isEmpty() ? "127.0.0.1" : address.host(), address.port());
    // Never through a proxy that the environment names: it is this machine, most often.
    var connection =
        (HttpURLConnection)
            URI.create("http://" + to + path).toURL().openConnection(Proxy.NO_PROXY);
    connection.setConnectTimeout(PATIENCE_MILLIS);
    connection.setReadTimeout(PATIENCE_MILLIS);
    return connection;
  }

  private String answer(HttpURLConnection connection) throws IOException, AdminException {
    int status = connection.getResponseCode();
    if (status == 200) {
      return text(connection.getInputStream());
    }
    throw new AdminException(
        problem(status, text(connection.getErrorStream())), status < 500, null);
  }

  /** What a problem document (RFC 9457) says, or the status of anything else. */
  private String problem(int status, String body) {
    try {
      JsonNode detail = JSON.readTree(body).get("detail");
      if (detail != null) {
        return detail.asString();
      }
    } catch (JacksonException e) {
      // It is another server's.
    }
    return address + " answers with status " + status;
  }

  private static String text(@Nullable InputStream in) throws IOException {
    if (in == null) {
      return "";
    }
    try (in) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
