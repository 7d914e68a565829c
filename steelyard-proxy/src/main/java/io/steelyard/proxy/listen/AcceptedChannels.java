package io.steelyard.proxy.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.steelyard.model.Listener;
import io.steelyard.net.tls.ServerTls;
import io.steelyard.proxy.stats.ListenerStats;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How the pipelines of accepted channels begin, whatever the protocol.
 *
 * <pre>
 *   socket ──► PROXY protocol header, of trusted networks ──► TLS, if it ends here ──► the protocol
 * </pre>
 *
 * <p>Sharable; belongs to its event loop.
 */
@ChannelHandler.Sharable
public final class AcceptedChannels extends ChannelInitializer<Channel> {
  private final @Nullable Networks trusted;
  private final @Nullable ServerTls tls;
  private final ServiceLoop loop;
  private final ListenerStats stats;
  private final long headNanos;
  private final Supplier<ChannelHandler> protocol;

  /**
   * The beginning of all channels that a listener accepts on one event loop.
   *
   * @param tls null: none
   * @param protocol makes the last handler of each
   */
  public AcceptedChannels(
      Listener settings,
      @Nullable ServerTls tls,
      ServiceLoop loop,
      ListenerStats stats,
      Supplier<ChannelHandler> protocol) {
    this.trusted = ProxyHeaderHandler.trusted(settings);
    this.tls = tls;
    this.loop = loop;
    this.stats = stats;
    this.headNanos = settings.timeouts().head().toNanos();
    this.protocol = protocol;
  }

  @Override
  protected void initChannel(Channel channel) {
    ProxyHeaderHandler.add(channel, trusted, loop, stats, headNanos);
    ChannelPipeline pipeline = channel.pipeline();
    if (tls != null) {
      pipeline.addLast(tls.newHandler(channel.alloc()));
    }
    pipeline.addLast(protocol.get());
  }
}
