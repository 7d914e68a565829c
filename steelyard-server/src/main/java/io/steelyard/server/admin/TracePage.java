package io.steelyard.server.admin;

import io.steelyard.model.Quote;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * {@code PUT /v1/trace/VIP}: what the packet plane decides about packets of a virtual address.
 * Whoever looks asks again and again; each answer has what was seen since the one before.
 */
final class TracePage {
  private static final int SEGMENTS = 3;
  private static final int MOST = 1_000_000;

  private final PacketSource packets;

  TracePage(PacketSource packets) {
    this.packets = packets;
  }

  /**
   * What was seen.
   *
   * @param every one packet in so many is looked at
   * @param decisions one line each
   */
  record TraceReport(String vip, int every, List<String> decisions) {}

  /** The answer; null when the path is another's. */
  @Nullable Answer answer(Request request) {
    List<String> path = request.segments();
    if (path.size() != SEGMENTS || !path.get(0).equals("v1") || !path.get(1).equals("trace")) {
      return null;
    }
    if (!request.method().equals("PUT")) {
      return Problem.methodNotAllowed(request.path(), request.method(), "PUT");
    }
    Problem refusal = Foreign.refusal(request);
    return refusal == null ? trace(request, path.get(2)) : refusal.answer(Map.of());
  }

  private Answer trace(Request request, String vip) {
    try {
      int every = every(request.body());
      var decisions = packets.trace(address(vip), every);
      return new Answer(
          200, "application/json", Json.write(new TraceReport(vip, every, decisions)));
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      return new Problem("Bad Request", 400, message, request.path()).answer(Map.of());
    }
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          Quote.of(text) + " is no IP address, expected a virtual one", e);
    }
  }

  private static int every(String body) {
    JsonNode node;
    try {
      node = Json.read(body).get("every");
    } catch (JacksonException e) {
      throw new IllegalArgumentException("the body is not JSON: " + e.getOriginalMessage(), e);
    }
    if (node == null || !node.isInt() || node.asInt() < 1 || node.asInt() > MOST) {
      throw new IllegalArgumentException(
          "'every' is " + node + ", expected a whole number from 1 to " + MOST);
    }
    return node.asInt();
  }
}
