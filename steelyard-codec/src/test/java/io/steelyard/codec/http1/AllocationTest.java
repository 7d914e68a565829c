package io.steelyard.codec.http1;

import static io.steelyard.codec.http1.Heads.LIMITS;
import static io.steelyard.codec.http1.Heads.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/**
 * Nothing is allocated per message: what thousands of them allocate is less than one object for
 * each.
 */
class AllocationTest {

  private static final int MESSAGES = 5_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void requestsAndAnswers() {
    RequestHead request = new RequestHead();
    ResponseHead response = new ResponseHead();
    String fields = "Host: h\r\nConnection: keep-alive, x-own\r\nX-Own: 1\r\nCookie: c\r\n\r\n";
    ByteBuf question = Unpooled.wrappedBuffer(bytes("GET /path?query HTTP/1.1\r\n" + fields));
    ByteBuf answer = Unpooled.wrappedBuffer(bytes("HTTP/1.1 200 OK\r\n" + fields));
    assertAllocatesNothing(() -> {
      request.reset();
      assertComplete(request, question);
      response.parseFor(Method.GET);
      assertComplete(response, answer);
    });
  }

  private static void assertComplete(MessageHead head, ByteBuf buf) {
    int incomplete = head.parse(buf, 0, buf.writerIndex() - 1, LIMITS);
    if (incomplete != MessageHead.INCOMPLETE || head.parse(buf, 0, buf.writerIndex(), LIMITS) < 0) {
      throw new AssertionError("not complete");
    }
  }

  @Test
  void chunks() {
    ChunkScanner scanner = new ChunkScanner(100);
    ByteBuf body = Unpooled.wrappedBuffer(bytes("5;a=b\r\nhello\r\n0\r\nA: b\r\n\r\n"));
    assertAllocatesNothing(() -> {
      scanner.reset();
      if (scanner.scan(body, 0, body.writerIndex()) != body.writerIndex()) {
        throw new AssertionError("not done");
      }
    });
  }

  @Test
  void edits() {
    byte[] head = bytes("GET / HTTP/1.1\r\nHost: h\r\nConnection: x\r\n\r\n");
    byte[] added = bytes("Via: 1.1 steelyard\r\n");
    ByteBuf buf = Unpooled.wrappedBuffer(new byte[256]);
    HeadEdit edit = new HeadEdit();
    assertAllocatesNothing(() -> {
      buf.clear();
      buf.writeBytes(head);
      edit.start(head.length);
      edit.remove(25, 40);
      edit.append(added);
      if (edit.applyInPlace(buf, 0, buf.writerIndex()) != 0) {
        throw new AssertionError("not in place");
      }
    });
  }

  private void assertAllocatesNothing(Runnable message) {
    message.run();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < MESSAGES; i++) {
      message.run();
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(MESSAGES);
  }
}
