package io.steelyard.codec.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.function.Supplier;

/** What holds for every head, whatever the bytes: fuzzing checks it. */
final class HeadInvariants {

  /** Small, so that random bytes reach them. */
  static final HeadLimits LIMITS = new HeadLimits(1024, 8, 128);

  private HeadInvariants() {}

  static void check(Supplier<? extends MessageHead> heads, byte[] message) {
    String expected = Heads.whole(heads.get(), message, LIMITS);
    require(
        expected.equals(Heads.bytewise(heads.get(), message, LIMITS)), "byte by byte: the same");
    for (int at : new int[] {message.length / 3, message.length / 2, message.length - 1}) {
      if (at >= 0) {
        require(expected.equals(Heads.split(heads.get(), message, at, LIMITS)), "split: the same");
      }
    }
    MessageHead head = heads.get();
    if (head.parse(Unpooled.wrappedBuffer(message), 0, message.length, LIMITS) > 0) {
      checkAccepted(head, message);
      checkEdited(head, heads.get(), message);
    }
  }

  private static void checkAccepted(MessageHead head, byte[] message) {
    require(head.length() <= message.length && head.length() <= LIMITS.headSize(), "length");
    for (int i = 0; i < head.length(); i++) {
      boolean lf = i + 1 < head.length() && message[i + 1] == '\n';
      require(message[i] != '\r' || lf, "no bare CR");
      require(message[i] != '\n' || (i > 0 && message[i - 1] == '\r'), "no bare LF");
      require(message[i] != 0, "no NUL");
    }
    int at = head.startLineEnd();
    require(head.startLineStart() < at, "a start line");
    for (int i = 0; i < head.fieldCount(); i++) {
      require(head.nameStart(i) == at && at < head.nameEnd(i), "a name");
      require(head.nameEnd(i) < head.valueStart(i), "a colon");
      require(head.valueStart(i) <= head.valueEnd(i), "a value");
      require(head.valueEnd(i) + 2 <= head.lineEnd(i), "a line end");
      at = head.lineEnd(i);
    }
    require(at + 2 == head.length(), "an empty line");
    if (head instanceof RequestHead request) {
      checkParts(request);
    }
  }

  private static void checkParts(RequestHead head) {
    require(head.startLineStart() < head.methodEnd(), "a method");
    require(head.methodEnd() + 1 == head.targetStart(), "a space");
    require(head.targetStart() < head.targetEnd(), "a target");
    require(
        head.authorityStart() <= head.hostEnd() && head.hostEnd() <= head.authorityEnd(), "a host");
    require(head.authorityEnd() <= head.length(), "an authority");
    require(head.pathStart() <= head.pathEnd() && head.pathEnd() <= head.targetEnd(), "a path");
    require(
        head.queryStart() == -1
            || (head.pathStart() <= head.queryStart() && head.queryStart() < head.pathEnd()),
        "a query");
    require(head.hostIndex() >= 0 || head.minorVersion() == 0, "Host");
  }

  /**
   * Without the fields that Connection names, the message must still be one, and end where it
   * ended.
   */
  private static void checkEdited(MessageHead head, MessageHead again, byte[] message) {
    HeadEdit edit = new HeadEdit();
    edit.start(head);
    for (int i = 0; i < head.fieldCount(); i++) {
      if (head.named(i) || head.known(i) == FieldName.CONNECTION) {
        require(head.named(i) ? head.anyNamed() : true, "anyNamed");
        edit.removeField(head, i);
      }
    }
    ByteBuf edited =
        edit.copy(Unpooled.wrappedBuffer(message), 0, UnpooledByteBufAllocator.DEFAULT);
    try {
      int length = again.parse(edited, 0, edited.writerIndex(), LIMITS);
      require(length == edited.writerIndex(), "an edited head is one");
      require(again.framing() == head.framing(), "the same framing");
      require(again.contentLength() == head.contentLength(), "the same length of the body");
    } finally {
      edited.release();
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
