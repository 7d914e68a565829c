package io.steelyard.proxy.ftp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a control connection: takes its bytes apart into lines and hands on what becomes
 * of them. Belongs to its channel's event loop.
 */
final class ControlLines extends ChannelInboundHandlerAdapter {
  /** Longer lines are not FTP's: what follows is passed on as it is. */
  private static final int LONGEST = 8 * 1024;

  /** What becomes of a line. */
  interface Editor {
    /**
     * Looks at a line.
     *
     * @param line with its end
     * @param later takes the line that is to be passed on, if this returns null
     * @return what is passed on, perhaps nothing; null when that is not known yet
     */
    @Nullable String edit(String line, Consumer<String> later);
  }

  private final Editor editor;
  private @Nullable ChannelHandlerContext context;
  private @Nullable ByteBuf bytes;
  private @Nullable Object ending;
  private boolean waiting;
  private boolean passing;

  ControlLines(Editor editor) {
    this.editor = editor;
  }

  /** From now on nothing is looked at: it is encrypted. */
  void pass() {
    passing = true;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void channelRead(ChannelHandlerContext current, Object message) {
    ByteBuf part = (ByteBuf) message;
    ByteBuf before = bytes;
    if (before == null) {
      bytes = part;
    } else {
      bytes = current.alloc().compositeBuffer().addComponents(true, before, part);
    }
    passOn(current);
  }

  private void passOn(ChannelHandlerContext current) {
    while (!waiting && !passing) {
      String line = nextLine();
      if (line == null) {
        break;
      }
      waiting = true;
      String now = editor.edit(line, this::resume);
      if (now == null) {
        return;
      }
      waiting = false;
      send(current, now);
    }
    if (passing && !waiting) {
      sendRest(current);
    }
  }

  private @Nullable String nextLine() {
    ByteBuf all = bytes;
    if (all == null) {
      return null;
    }
    int end = all.indexOf(all.readerIndex(), all.writerIndex(), (byte) '\n');
    if (end < 0) {
      passing = all.readableBytes() > LONGEST;
      return null;
    }
    String line = all.readString(end + 1 - all.readerIndex(), ISO_8859_1);
    if (!all.isReadable()) {
      bytes = null;
      all.release();
    }
    return line;
  }

  private static void send(ChannelHandlerContext current, String line) {
    if (!line.isEmpty()) {
      ByteBuf buf = current.alloc().directBuffer(line.length());
      buf.writeCharSequence(line, ISO_8859_1);
      current.fireChannelRead(buf);
    }
  }

  private void sendRest(ChannelHandlerContext current) {
    ByteBuf rest = bytes;
    bytes = null;
    if (rest != null) {
      current.fireChannelRead(rest);
    }
  }

  /** What was waited for is known. */
  private void resume(String line) {
    ChannelHandlerContext current = context;
    if (!waiting || current == null || current.isRemoved()) {
      return;
    }
    waiting = false;
    send(current, line);
    passOn(current);
    current.fireChannelReadComplete();
    Object end = ending;
    if (end != null && !waiting) {
      ending = null;
      sendRest(current);
      current.fireUserEventTriggered(end);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext current, Object event) {
    if (event instanceof ChannelInputShutdownEvent && waiting) {
      ending = event;
      return;
    }
    if (event instanceof ChannelInputShutdownEvent) {
      sendRest(current);
      current.fireChannelReadComplete();
    }
    current.fireUserEventTriggered(event);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    ByteBuf rest = bytes;
    bytes = null;
    if (rest != null) {
      rest.release();
    }
  }
}
