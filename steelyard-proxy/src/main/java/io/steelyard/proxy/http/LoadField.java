package io.steelyard.proxy.http;

import io.netty.buffer.ByteBuf;
import io.steelyard.balance.EndpointState;
import io.steelyard.balance.LoadReport;
import io.steelyard.balance.report.OrcaHeader;
import io.steelyard.codec.http1.ResponseHead;
import java.nio.charset.StandardCharsets;

/**
 * Finds what an endpoint reports of its load in the head of an answer ({@link OrcaHeader}).
 * Allocates when there is such a field; only asked for pools whose balancer looks at reports.
 */
final class LoadField {
  private LoadField() {}

  /** Tells the endpoint's state what the head says, if it says anything that makes sense. */
  static void read(ResponseHead head, ByteBuf message, EndpointState endpoint, long now) {
    int start = message.readerIndex();
    for (int field = 0; field < head.fieldCount(); field++) {
      if (isLoad(head, field, message, start)) {
        LoadReport report = OrcaHeader.parse(value(head, field, message, start), now);
        if (!report.metrics().isEmpty()) {
          endpoint.report(report);
          return;
        }
      }
    }
  }

  private static boolean isLoad(ResponseHead head, int field, ByteBuf message, int start) {
    int from = head.nameStart(field);
    if (head.nameEnd(field) - from != OrcaHeader.FIELD.length()) {
      return false;
    }
    for (int i = 0; i < OrcaHeader.FIELD.length(); i++) {
      // Lower case, and no other letter or sign of a field's name becomes one of these by it.
      if ((message.getByte(start + from + i) | 0x20) != OrcaHeader.FIELD.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static String value(ResponseHead head, int field, ByteBuf message, int start) {
    int from = head.valueStart(field);
    return message.toString(start + from, head.valueEnd(field) - from, StandardCharsets.ISO_8859_1);
  }
}
