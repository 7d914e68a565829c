package io.steelyard.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the page by its path, makes it and sends it. */
final class AdminHandler implements HttpHandler {
  private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);

  /** However many ask, so many answers are made at once: traffic comes first. */
  private static final int AT_ONCE = 2;

  private final Map<String, Supplier<Answer>> pages;
  private final WishPage wishes;
  private final TracePage traces;
  private final Semaphore making = new Semaphore(AT_ONCE, true);

  AdminHandler(Map<String, Supplier<Answer>> pages, WishPage wishes, TracePage traces) {
    this.pages = Map.copyOf(pages);
    this.wishes = wishes;
    this.traces = traces;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Request request = Request.of(exchange);
      if (!request.whole()) {
        // The rest is not read: a client that kept the connection would lose its next request.
        exchange.getResponseHeaders().set("Connection", "close");
      }
      send(exchange, answer(request));
    }
  }

  private Answer answer(Request request) {
    making.acquireUninterruptibly();
    try {
      return make(request);
    } catch (RuntimeException e) {
      LOG.error("cannot answer {} on the admin address", request.path(), e);
      return Problem.internal(request.path());
    } finally {
      making.release();
    }
  }

  private Answer make(Request request) {
    String path = request.path();
    Supplier<Answer> page = pages.get(path);
    if (page == null) {
      Answer answer = wishes.answer(request);
      answer = answer == null ? traces.answer(request) : answer;
      return answer == null ? Problem.notFound(path) : answer;
    }
    return request.isRead()
        ? page.get()
        : Problem.methodNotAllowed(path, request.method(), "GET, HEAD");
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    Headers fields = exchange.getResponseHeaders();
    fields.set("Content-Type", answer.contentType());
    fields.set("Cache-Control", "no-store");
    fields.set("X-Content-Type-Options", "nosniff");
    answer.fields().forEach(fields::set);
    byte[] body = answer.body().getBytes(UTF_8);
    if (exchange.getRequestMethod().equals("HEAD")) {
      fields.set("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(answer.status(), -1);
    } else {
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
