package io.steelyard.codec.tls;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.steelyard.codec.tls.ClientHello.Status;

/** {@code JAZZER_FUZZ=1} looks for new inputs; without it, those found before are tried again. */
class ClientHelloFuzzTest {

  @FuzzTest(maxDuration = "5m")
  void anyBytes(byte[] bytes) {
    ByteBuf buf = Unpooled.wrappedBuffer(bytes);
    ClientHello whole = new ClientHello();
    Status status = whole.parse(buf, 0, bytes.length);
    ClientHello inPieces = new ClientHello();
    Status last = Status.INCOMPLETE;
    for (int end = 0; end <= bytes.length; end++) {
      Status now = inPieces.parse(buf, 0, end);
      assertThat(last == Status.INCOMPLETE || last == now).as("what is decided stays so").isTrue();
      last = now;
    }
    assertThat(last).isEqualTo(status);
    assertThat(inPieces.serverName()).isEqualTo(whole.serverName());
    assertThat(inPieces.protocols()).isEqualTo(whole.protocols());
    if (bytes.length > 2 * ClientHello.MOST_BYTES) {
      assertThat(status).as("enough is enough").isNotEqualTo(Status.INCOMPLETE);
    }
    String name = whole.serverName();
    if (status == Status.COMPLETE && name != null) {
      assertThat(name).isNotEmpty().hasSizeLessThanOrEqualTo(255).matches("[!-~&&[^A-Z]]+");
    }
  }
}
