package io.steelyard.balance.simulate;

import io.steelyard.balance.Outcome;
import io.steelyard.model.SimulatedSpeed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What an endpoint does in a simulation: works at some requests at once, lets others wait in line,
 * fails and comes back.
 */
final class Station {
  /** How long a refusal takes: about a round trip within a building. */
  static final long REFUSAL_NANOS = 200_000;

  private enum Mode {
    SERVES,
    REFUSES,
    HANGS
  }

  private final Simulator simulator;
  private final SimulatedSpeed speed;
  private final long timeoutNanos;
  private final ArrayDeque<Request> line = new ArrayDeque<>();
  private final Set<Request> atWork = new LinkedHashSet<>();
  private Mode mode = Mode.SERVES;
  private double factor = 1;

  // What is reported of it.
  final String name;
  final Waits waits = new Waits();
  long requests;
  long failed;
  int mostInFlight;

  Station(Simulator simulator, String name, SimulatedSpeed speed, long timeoutNanos) {
    this.simulator = simulator;
    this.name = name;
    this.speed = speed;
    this.timeoutNanos = timeoutNanos;
  }

  /** Requests per second that it can serve. */
  double capacity() {
    return speed.atOnce() / (speed.time().toNanos() / 1e9);
  }

  boolean serves() {
    return mode == Mode.SERVES;
  }

  void take(Request request) {
    requests++;
    switch (mode) {
      case SERVES -> {
        if (atWork.size() < speed.atOnce()) {
          begin(request);
        } else {
          line.add(request);
        }
      }
      case REFUSES -> simulator.plan(request, simulator.now() + REFUSAL_NANOS);
      case HANGS -> simulator.plan(request, request.dispatched() + timeoutNanos);
    }
    mostInFlight = Math.max(mostInFlight, atWork.size() + line.size());
  }

  private void begin(Request request) {
    atWork.add(request);
    double times = Chance.value(speed.distribution(), request.demand()) * factor;
    simulator.plan(request, simulator.now() + (long) (times * speed.time().toNanos()));
  }

  /** What was planned for a request when it began, or was refused, is due. */
  void planned(Request request) {
    if (atWork.remove(request)) {
      var next = line.poll();
      if (next != null) {
        begin(next);
      }
      simulator.ended(request, this, Outcome.SUCCESS);
    } else {
      boolean hung = simulator.now() - request.dispatched() >= timeoutNanos;
      simulator.ended(request, this, hung ? Outcome.RESPONSE_TIMEOUT : Outcome.CONNECT_FAILED);
    }
  }

  /** Refuses from now on; what it had breaks. */
  void fail() {
    mode = Mode.REFUSES;
    clear().forEach(request -> simulator.ended(request, this, Outcome.RESET));
  }

  /** Answers nothing from now on; what it had waits until its time is out. */
  void hang() {
    mode = Mode.HANGS;
    for (var request : clear()) {
      request.forgetPlans();
      simulator.plan(request, request.dispatched() + timeoutNanos);
    }
  }

  private List<Request> clear() {
    var had = new ArrayList<>(atWork);
    had.addAll(line);
    atWork.clear();
    line.clear();
    return had;
  }

  void recover() {
    mode = Mode.SERVES;
    factor = 1;
  }

  /** Takes so many times as long from now on. */
  void slow(double times) {
    factor = times;
  }
}
