package io.steelyard.proxy.kit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/**
 * Hears every warning and error that is logged, ours and Netty's, reports of leaked buffers among
 * them.
 */
final class LogWatch extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final Logger root;

  LogWatch() {
    root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    setContext(root.getLoggerContext());
    start();
    root.addAppender(this);
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
      IThrowableProxy thrown = event.getThrowableProxy();
      String trace = thrown == null ? "" : "\n" + ThrowableProxyUtil.asString(thrown);
      complaints.add(event.getLoggerName() + ": " + event.getFormattedMessage() + trace);
    }
  }

  List<String> complaints() {
    return complaints;
  }

  @Override
  public void close() {
    root.detachAppender(this);
    stop();
  }
}
