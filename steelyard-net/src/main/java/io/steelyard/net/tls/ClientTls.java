package io.steelyard.net.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.steelyard.model.EndpointTls;
import java.util.List;
import javax.net.ssl.SSLParameters;

/** The TLS of one pool's connections to its endpoints, shared by the event loops. Thread-safe. */
public final class ClientTls implements AutoCloseable {
  private final EndpointTls settings;
  private final SslContext context;

  private ClientTls(EndpointTls settings, SslContext context) {
    this.settings = settings;
    this.context = context;
  }

  /**
   * Reads all files.
   *
   * @param protocols what ALPN offers, the preferred first; empty for none
   */
  public static ClientTls open(EndpointTls settings, List<String> protocols) throws TlsException {
    return new ClientTls(settings, Engines.client(settings, protocols));
  }

  /**
   * What speaks TLS on a new connection. It knows no time limits: its owner does.
   *
   * @param host of the endpoint, for SNI and its certificate unless the settings name another
   */
  public SslHandler newHandler(ByteBufAllocator allocator, String host, int port) {
    String wanted = settings.serverName();
    SslHandler handler = context.newHandler(allocator, wanted == null ? host : wanted, port);
    handler.setHandshakeTimeoutMillis(0);
    SSLParameters parameters = handler.engine().getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm(settings.verify() ? "HTTPS" : null);
    handler.engine().setSSLParameters(parameters);
    return handler;
  }

  @Override
  public void close() {
    ReferenceCountUtil.release(context);
  }
}
