package io.steelyard.proxy.http;

import io.steelyard.codec.http1.HeadEdit;
import io.steelyard.codec.http1.RequestHead;
import io.steelyard.net.Loop;
import io.steelyard.proxy.listen.ServiceLoop;
import io.steelyard.proxy.log.AccessLogRing;
import io.steelyard.proxy.stats.LoopStats;
import java.util.ArrayDeque;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What the HTTP services of one event loop share. Belongs to that loop. */
public final class HttpLoop extends ServiceLoop {
  /** Requests kept for reuse; beyond so many at a time they are made anew. */
  private static final int STOCK = 4096;

  private final HeadEdit edit = new HeadEdit();
  private final RequestHead sent = new RequestHead();
  private final ArrayDeque<Http1Request> requests = new ArrayDeque<>();
  private final ArrayDeque<Http1Answer> answers = new ArrayDeque<>();

  public HttpLoop(Loop loop, LoopStats stats, RandomGenerator random, @Nullable AccessLogRing log) {
    super(loop, stats, random, log);
  }

  /** For the edit of one head at a time. */
  HeadEdit edit() {
    return edit;
  }

  /** For the reading of one head, as it goes to an endpoint, at a time. */
  RequestHead sentHead() {
    return sent;
  }

  Http1Request takeRequest() {
    Http1Request request = requests.pollLast();
    return request == null ? new Http1Request(this) : request;
  }

  void giveBack(Http1Request request) {
    request.reset();
    if (requests.size() < STOCK) {
      requests.addLast(request);
    }
  }

  Http1Answer takeAnswer() {
    Http1Answer answer = answers.pollLast();
    return answer == null ? new Http1Answer() : answer;
  }

  void giveBack(Http1Answer answer) {
    if (answers.size() < STOCK) {
      answers.addLast(answer);
    }
  }
}
