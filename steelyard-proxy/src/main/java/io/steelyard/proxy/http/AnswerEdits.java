package io.steelyard.proxy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.steelyard.codec.http1.FieldName;
import io.steelyard.codec.http1.HeadEdit;
import io.steelyard.codec.http1.ResponseHead;

/**
 * What changes in an answer's head on its way from an HTTP/1.1 endpoint to an HTTP/1.1 client: the
 * fields that concern only the endpoint's connection (RFC 9110 section 7.6.1) give way to those
 * that concern the client's.
 */
final class AnswerEdits {
  /** What the client is told of its connection. */
  enum Connection {
    /** Nothing: it stays open, as HTTP/1.1 has it. */
    OPEN(""),
    /** It stays open, which HTTP/1.0 must be told. */
    KEEP_ALIVE("Connection: keep-alive\r\n"),
    /** It ends with this answer. */
    CLOSE("Connection: close\r\n"),
    /** It speaks another protocol from now on. */
    UPGRADE("Connection: Upgrade\r\n");

    @SuppressWarnings("ImmutableEnumChecker") // never written
    private final byte[] line;

    Connection(String line) {
      this.line = line.getBytes(US_ASCII);
    }
  }

  private static final int VERSION_DIGIT = "HTTP/1.".length();

  private AnswerEdits() {}

  /**
   * Prepares the edit of the head that begins at {@code message}'s reader index.
   *
   * @param stripCoding the body goes on without its chunks
   */
  static void prepare(
      HeadEdit edit,
      ResponseHead head,
      ByteBuf message,
      Connection connection,
      boolean stripCoding) {
    if (head.minorVersion() == 0) {
      message.setByte(message.readerIndex() + VERSION_DIGIT, '1');
    }
    edit.start(head);
    int count = head.fieldCount();
    for (int i = 0; i < count; i++) {
      if (isDropped(head, i, connection, stripCoding)) {
        edit.removeField(head, i);
      }
    }
    if (connection.line.length > 0) {
      edit.append(connection.line);
    }
  }

  private static boolean isDropped(
      ResponseHead head, int field, Connection connection, boolean stripCoding) {
    FieldName name = head.known(field);
    return switch (name) {
      case CONNECTION, KEEP_ALIVE, PROXY_CONNECTION -> true;
      case UPGRADE -> connection != Connection.UPGRADE;
      case TRANSFER_ENCODING -> stripCoding;
      default -> head.named(field);
    };
  }
}
