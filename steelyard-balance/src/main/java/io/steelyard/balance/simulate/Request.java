package io.steelyard.balance.simulate;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.EndpointState;
import io.steelyard.balance.Lease;
import io.steelyard.balance.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A request under way; used again for another when it has ended. */
final class Request implements Selection, Agenda.Task {
  private final Simulator simulator;
  private final List<EndpointState> tried = new ArrayList<>();
  private RandomGenerator random;
  private byte[] key = {};
  private boolean hasKey;
  private double demand;
  private int loop;
  private long arrived;
  private long dispatched;

  /** What was planned for it under another number has been overtaken by events. */
  private int stamp;

  private @Nullable Lease lease;
  private @Nullable Station station;

  Request(Simulator simulator, RandomGenerator random) {
    this.simulator = simulator;
    this.random = random;
  }

  /**
   * It arrives.
   *
   * @param chance the event loop's
   * @param even decides how much work it is; 0 to 1
   */
  void arrive(int atLoop, RandomGenerator chance, byte[] bytes, boolean keyed, double even) {
    loop = atLoop;
    random = chance;
    key = bytes;
    hasKey = keyed;
    demand = even;
    arrived = simulator.now();
    tried.clear();
  }

  /** An endpoint is at work for it from now on. */
  void leased(Lease given, Station at) {
    lease = given;
    station = at;
    dispatched = simulator.now();
    stamp++;
  }

  /** The lease is over; the endpoint is not asked again. */
  Lease unlease() {
    var over = lease;
    if (over == null) {
      throw new IllegalStateException("the request has no lease");
    }
    tried.add(over.endpoint().state());
    lease = null;
    station = null;
    stamp++;
    return over;
  }

  /** What was planned at its station is not going to be. */
  void forgetPlans() {
    stamp++;
  }

  /** What was planned under this number happens, if nothing has come in between. */
  @Override
  public void run(int planned) {
    var at = station;
    if (planned == stamp && at != null) {
      at.planned(this);
    }
  }

  int stamp() {
    return stamp;
  }

  int loop() {
    return loop;
  }

  long arrived() {
    return arrived;
  }

  long dispatched() {
    return dispatched;
  }

  /** How much work this attempt is, 0 to 1. */
  double demand() {
    return Chance.again(demand, tried.size());
  }

  @Override
  public byte[] key() {
    return key;
  }

  @Override
  public int keyLength() {
    return hasKey ? key.length : -1;
  }

  @Override
  public boolean accepts(Endpoint endpoint) {
    return tried.isEmpty() || !tried.contains(endpoint.state());
  }

  @Override
  public int attempt() {
    return tried.size();
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public long nanoTime() {
    return simulator.now();
  }
}
