package io.steelyard.model.read;

import io.steelyard.model.Key;
import io.steelyard.model.Kind;
import io.steelyard.model.Shape;
import io.steelyard.model.Words;

/** What a kind of value is called after the word "expected". */
final class Expected {
  private Expected() {}

  static String of(Kind kind) {
    return switch (kind) {
      case Kind.Scalar scalar -> of(scalar);
      case Kind.Choice choice -> Words.alternatives(choice.words());
      case Kind.Section section -> of(section.shape());
      case Kind.Items items -> "a list; each item " + of(items.item());
      case Kind.Named _ -> "a map from names to settings";
      case Kind.NameWithOptions _ -> "a balancer's name, or { NAME: { OPTION: VALUE } }";
    };
  }

  static String of(Shape<?> shape) {
    var keys = "a map with " + Words.alternatives(shape.keys().stream().map(Key::name).toList());
    var shorthand = shape.shorthand();
    return shorthand == null ? keys : of(shorthand.kind()) + ", or " + keys;
  }

  private static String of(Kind.Scalar kind) {
    return switch (kind) {
      case INTEGER -> "a whole number without quotes";
      case NUMBER -> "a number without quotes";
      case BOOLEAN -> "true or false without quotes";
      case TEXT -> "text (in quotes when it looks like a number)";
      case DURATION -> "a duration such as 250ms, 2s, 1m or 1h";
      case SIZE -> "a size such as 512B, 64KiB or 10MB";
      case ADDRESS -> "an address HOST:PORT";
      case SOCKETS -> "an address HOST:PORT, HOST:PORT-PORT or unix:/PATH";
      case CIDR -> "a network such as 10.0.0.0/8 or \"fd00::/8\", or an address";
      case STATUSES -> "statuses such as 200 or 200-299,404";
      case RETRY_ON ->
          "connect, refused, reset, timeout, invalid, a status of gRPC such as grpc-unavailable, or statuses such as 503 or 500-599";
    };
  }
}
