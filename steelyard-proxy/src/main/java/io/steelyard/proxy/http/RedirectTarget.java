package io.steelyard.proxy.http;

import io.steelyard.codec.ByteView;
import io.steelyard.model.Redirect;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Where a redirected client is sent: the host and path that it asked for, spoken to otherwise. */
final class RedirectTarget {
  private RedirectTarget() {}

  /**
   * The whole address; null when there is none that can be written.
   *
   * @param local where the client connected to, which stands for the host when it names none
   */
  static @Nullable String of(Redirect redirect, RequestView request, InetSocketAddress local) {
    String path = request.path().text();
    if (!path.startsWith("/")) {
      return null; // the whole server is nowhere to go
    }
    StringBuilder target = new StringBuilder();
    target.append(redirect.scheme() == Redirect.Scheme.HTTPS ? "https://" : "http://");
    target.append(host(request.authority(), local));
    int port = redirect.port();
    if (port != 0 && port != redirect.scheme().port()) {
      target.append(':').append(port);
    }
    return target.append(path).toString();
  }

  private static String host(ByteView authority, InetSocketAddress local) {
    if (authority.length() == 0) {
      String address = local.getAddress().getHostAddress();
      return local.getAddress() instanceof Inet6Address ? "[" + address + "]" : address;
    }
    String text = authority.text();
    int port = text.lastIndexOf(':');
    return port > text.lastIndexOf(']') ? text.substring(0, port) : text;
  }
}
