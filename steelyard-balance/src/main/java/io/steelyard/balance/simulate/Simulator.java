package io.steelyard.balance.simulate;

import static java.util.Objects.requireNonNull;

import io.steelyard.balance.BalancerMaker;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.EndpointState;
import io.steelyard.balance.KeySource;
import io.steelyard.balance.Lease;
import io.steelyard.balance.Outcome;
import io.steelyard.balance.Pool;
import io.steelyard.model.Address;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.SimulatedEvent;
import io.steelyard.model.SimulatedEvent.Action;
import io.steelyard.model.SimulatedSpeed;
import io.steelyard.model.Simulation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests arrive at a pool in virtual time. The same scenario, seed and balancer give the
 * same result, bit for bit; another balancer is asked to place the same requests, each of which is
 * the same amount of work wherever it goes. Used once; not thread-safe.
 *
 * <pre>
 *   arrival ──► Pool.lease ──► Station: at work, in line, refused or hung ──► Lease.close
 *      │             ▲                               │
 *      ▼             └── another attempt ◄───────────┘
 *   next arrival
 * </pre>
 */
public final class Simulator {
  private static final int PROGRESS = 1 << 13;
  private static final int BURST = 10;

  /** Looking where keys go takes a step for each key and endpoint; no more than so many. */
  private static final int LOOKS = 4_000_000;

  private final String balancer;
  private final io.steelyard.model.Pool settings;
  private final Simulation scenario;
  private final Agenda agenda = new Agenda();
  private final Map<Address, Station> stations = new HashMap<>();
  private final Map<Address, Integer> places = new HashMap<>();
  private final Members members;
  private final RandomGenerator arrivals;
  private final RandomGenerator demands;
  private final RandomGenerator keyChance;
  private final RandomGenerator spread;
  private final RandomGenerator asking;
  private final RandomGenerator[] loopChance;
  private final Popularity popularity;
  private final byte[][] keys;
  private final @Nullable KeySource keySource;
  private final double rate;
  private final ArrayDeque<Request> stock = new ArrayDeque<>();
  private final List<SimulatedEvent> pending;
  private final List<SimulationResult.Change> changes = new ArrayList<>();
  private final Slices slices;
  private final Waits waits = new Waits();
  private final LongConsumer progress;
  private long arrived;
  private long open;
  private long failed;
  private long attempts;

  /**
   * Prepares it.
   *
   * @param balancer what the result calls the balancer
   * @param settings the pool's; its endpoints, {@code retries} and {@code timeouts.response} count
   * @param chance makes a generator of random numbers from a seed
   * @param progress is told now and then how many requests have arrived
   */
  public Simulator(
      String balancer,
      io.steelyard.model.Pool settings,
      Simulation scenario,
      BalancerMaker maker,
      LongFunction<RandomGenerator> chance,
      LongConsumer progress) {
    this.balancer = requireNonNull(balancer, "balancer");
    this.settings = settings;
    this.scenario = scenario;
    this.progress = progress;
    arrivals = generator(chance, 0);
    demands = generator(chance, 1);
    keyChance = generator(chance, 2);
    spread = generator(chance, 3);
    asking = generator(chance, 4);
    loopChance = new RandomGenerator[scenario.loops()];
    for (int i = 0; i < loopChance.length; i++) {
      loopChance[i] = generator(chance, 5 + i);
    }
    popularity = new Popularity(scenario.keys());
    keys = new byte[scenario.keys().number()][];
    pending = scenario.events().stream().sorted(Comparator.comparing(SimulatedEvent::at)).toList();
    buildStations();
    members =
        new Members(
            "simulated",
            settings.endpoints(),
            lateJoiners(pending),
            maker,
            agenda::now,
            scenario.loops());
    keySource = members.loop(0).keySource();
    rate = rate();
    slices = new Slices(settings.endpoints().size(), (long) (scenario.requests() / rate * 1e9));
  }

  private RandomGenerator generator(LongFunction<RandomGenerator> chance, int purpose) {
    return chance.apply(((long) scenario.seed() << 16) + purpose);
  }

  private void buildStations() {
    Map<Address, SimulatedSpeed> differing = new HashMap<>();
    scenario
        .endpoints()
        .forEach(endpoint -> differing.put(endpoint.address(), endpoint.speed(scenario.speed())));
    for (var spec : settings.endpoints()) {
      var speed = differing.getOrDefault(spec.address(), scenario.speed());
      places.put(spec.address(), places.size());
      stations.put(
          spec.address(),
          new Station(
              this, spec.address().toString(), speed, settings.timeouts().response().toNanos()));
    }
  }

  /** Endpoints that join before they leave are not there at first. */
  private static Set<Address> lateJoiners(List<SimulatedEvent> events) {
    Map<Address, Action> first = new HashMap<>();
    for (var event : events) {
      if (event.action() == Action.JOIN || event.action() == Action.LEAVE) {
        first.putIfAbsent(event.endpoint(), event.action());
      }
    }
    var late = new HashSet<Address>();
    first.forEach((address, action) -> {
      if (action == Action.JOIN) {
        late.add(address);
      }
    });
    return late;
  }

  /** Requests per second: as given, or a share of what the endpoints can serve. */
  private double rate() {
    if (scenario.arrivals().rate() > 0) {
      return scenario.arrivals().rate();
    }
    double capacity = 0;
    for (var spec : settings.endpoints()) {
      if (spec.weight() > 0 && members.isPresent(spec.address())) {
        capacity += station(spec.address()).capacity();
      }
    }
    return Math.max(scenario.arrivals().load() * capacity, 1e-3);
  }

  long now() {
    return agenda.now();
  }

  /** Lets everything happen. */
  public SimulationResult run() {
    pending.forEach(event -> agenda.at(event.at().toNanos(), 0, stamp -> happen(event)));
    agenda.at(0, 0, this::arrive);
    while ((arrived < scenario.requests() || open > 0) && agenda.next()) {}
    progress.accept(arrived);
    return result();
  }

  // Arrivals.

  private void arrive(int stamp) {
    int together =
        switch (scenario.arrivals().process()) {
          case POISSON, EVEN -> 1;
          case BURSTS -> Math.min(BURST, (int) (scenario.requests() - arrived));
        };
    for (int i = 0; i < together; i++) {
      admit();
    }
    if (arrived < scenario.requests()) {
      agenda.at(agenda.now() + gap(together), 0, this::arrive);
    }
  }

  private long gap(int together) {
    double mean = together / rate * 1e9;
    return switch (scenario.arrivals().process()) {
      case EVEN -> (long) (arrived / rate * 1e9) - agenda.now();
      case POISSON, BURSTS -> (long) (-Math.log1p(-arrivals.nextDouble()) * mean);
    };
  }

  private void admit() {
    if (++arrived % PROGRESS == 0) {
      progress.accept(arrived);
    }
    open++;
    var taken = stock.poll();
    var request = taken == null ? new Request(this, arrivals) : taken;
    int loop = loopChance.length == 1 ? 0 : spread.nextInt(loopChance.length);
    int key = popularity.draw(keyChance);
    request.arrive(loop, loopChance[loop], key(key), keySource != null, demands.nextDouble());
    dispatch(request);
  }

  private byte[] key(int number) {
    if (keys[number] == null) {
      keys[number] = KeyText.of(keySource, number);
    }
    return keys[number];
  }

  private void dispatch(Request request) {
    var lease = members.loop(request.loop()).lease(request);
    if (lease == null) {
      fail(request);
      return;
    }
    attempts++;
    var address = lease.endpoint().address();
    slices.asked(requireNonNull(places.get(address)), agenda.now());
    var station = station(address);
    request.leased(lease, station);
    station.take(request);
  }

  private Station station(Address address) {
    return requireNonNull(stations.get(address), "station");
  }

  // What stations do with requests.

  void plan(Request request, long when) {
    agenda.at(when, request.stamp(), request);
  }

  void ended(Request request, Station station, Outcome outcome) {
    long nanos = agenda.now() - request.dispatched();
    Lease lease = request.unlease();
    lease.close(outcome, nanos);
    if (outcome == Outcome.SUCCESS) {
      long wait = agenda.now() - request.arrived();
      waits.add(wait);
      station.waits.add(wait);
      slices.answered(wait, agenda.now());
      over(request);
      return;
    }
    station.failed++;
    // A time that has run out has used up the client's patience.
    if (outcome == Outcome.RESPONSE_TIMEOUT || request.attempt() > settings.retries().attempts()) {
      fail(request);
    } else {
      dispatch(request);
    }
  }

  private void fail(Request request) {
    failed++;
    slices.failed(agenda.now());
    over(request);
  }

  private void over(Request request) {
    open--;
    stock.add(request);
  }

  // Events.

  private void happen(SimulatedEvent event) {
    var station = station(event.endpoint());
    switch (event.action()) {
      case FAIL -> {
        station.fail();
        noticeLater(event.endpoint());
      }
      case HANG -> {
        station.hang();
        noticeLater(event.endpoint());
      }
      case RECOVER -> {
        station.recover();
        noticeLater(event.endpoint());
      }
      case SLOW -> {
        station.slow(event.factor());
        note(event.endpoint() + " takes " + event.factor() + " times as long");
      }
      case LEAVE ->
          changing(event.endpoint() + " leaves", () -> members.configured(event.endpoint(), false));
      case JOIN ->
          changing(event.endpoint() + " joins", () -> members.configured(event.endpoint(), true));
    }
  }

  private void noticeLater(Address address) {
    agenda.at(
        agenda.now() + scenario.detection().toNanos(),
        0,
        stamp -> {
          boolean serves = station(address).serves();
          if (serves == members.isDown(address)) {
            changing(
                address + (serves ? " serves again" : " is found down"),
                () -> members.noticed(address, serves));
          }
        });
  }

  private void note(String what) {
    changes.add(
        new SimulationResult.Change(
            agenda.now(), what, members.ready().size(), Double.NaN, Double.NaN));
  }

  private void changing(String what, Runnable change) {
    var before = members.ready();
    var was = owners(members.loop(0));
    change.run();
    changes.add(moved(what, before, members.ready(), was, owners(members.loop(0))));
  }

  // Where keys go.

  /** Whose each key is; empty when the balancer looks at none. */
  private List<@Nullable EndpointState> owners(Pool pool) {
    var owners = new ArrayList<@Nullable EndpointState>();
    if (keySource != null) {
      int looks = Math.max(1, Math.min(keys.length, LOOKS / Math.max(1, pool.endpoints().size())));
      var request = new Request(this, asking);
      for (int i = 0; i < looks; i++) {
        request.arrive(0, asking, key(i), true, 0);
        var chosen = pool.explain(request).chosen();
        owners.add(chosen == null ? null : chosen.state());
      }
    }
    return owners;
  }

  private SimulationResult.Change moved(
      String what,
      List<Endpoint> before,
      List<Endpoint> after,
      List<@Nullable EndpointState> was,
      List<@Nullable EndpointState> is) {
    var stayed = states(after);
    int moved = 0;
    int homeless = 0;
    for (int i = 0; i < was.size(); i++) {
      moved += was.get(i) == is.get(i) ? 0 : 1;
      homeless += was.get(i) == null || stayed.contains(was.get(i)) ? 0 : 1;
    }
    double keyCount = was.isEmpty() ? Double.NaN : was.size();
    double least = homeless / keyCount + newcomers(before, after);
    return new SimulationResult.Change(agenda.now(), what, after.size(), moved / keyCount, least);
  }

  private static Set<EndpointState> states(List<Endpoint> endpoints) {
    var states = new HashSet<EndpointState>();
    endpoints.forEach(endpoint -> states.add(endpoint.state()));
    return states;
  }

  /** By weight, the share of those that were not there before. */
  private static double newcomers(List<Endpoint> before, List<Endpoint> after) {
    var old = states(before);
    double total = 0;
    double fresh = 0;
    for (var endpoint : after) {
      total += endpoint.weight();
      fresh += old.contains(endpoint.state()) ? 0 : endpoint.weight();
    }
    return total == 0 ? 0 : fresh / total;
  }

  private SimulationResult.@Nullable Change departure() {
    var ready = members.ready();
    if (keySource == null || ready.size() < 2) {
      return null;
    }
    return moved(
        ready.getLast().name() + " leaves",
        ready,
        ready.subList(0, ready.size() - 1),
        owners(members.loop(0)),
        owners(members.withoutLast()));
  }

  // The result.

  private SimulationResult result() {
    return new SimulationResult(
        balancer,
        arrived,
        failed,
        attempts,
        agenda.now(),
        rate,
        imbalance(),
        SimulationResult.Wait.of(waits),
        settings.endpoints().stream().map(this::result).toList(),
        changes,
        departure(),
        slices.timeline(),
        pending.stream().filter(event -> event.at().toNanos() > agenda.now()).toList());
  }

  private double imbalance() {
    double most = 0;
    double sum = 0;
    int weighted = 0;
    for (var spec : settings.endpoints()) {
      if (spec.weight() > 0) {
        double load = (double) station(spec.address()).requests / spec.weight();
        most = Math.max(most, load);
        sum += load;
        weighted++;
      }
    }
    return most / (sum / weighted);
  }

  private SimulationResult.EndpointResult result(EndpointSpec spec) {
    var station = station(spec.address());
    double weights = settings.endpoints().stream().mapToDouble(EndpointSpec::weight).sum();
    return new SimulationResult.EndpointResult(
        station.name,
        spec.weight(),
        station.requests,
        (double) station.requests / attempts,
        spec.weight() / weights,
        station.failed,
        station.mostInFlight,
        SimulationResult.Wait.of(station.waits));
  }
}
