package io.steelyard.server;

import io.steelyard.balance.balancer.Balancers;
import io.steelyard.balance.simulate.SimulationResult;
import io.steelyard.balance.simulate.Simulator;
import io.steelyard.model.Address;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.Configuration;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.Pool;
import io.steelyard.model.SimulatedArrivals;
import io.steelyard.model.SimulatedKeys;
import io.steelyard.model.Simulation;
import io.steelyard.server.simulate.SimulationJson;
import io.steelyard.server.simulate.SimulationText;
import java.io.Console;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code steelyard simulate}: balancers in virtual time. */
@Command(
    name = "simulate",
    description =
        "Lets requests arrive at a pool in virtual time and tells what its balancer makes of them: shares, waits,"
            + " keys that move. The same seed gives the same result.")
final class SimulateCommand implements Callable<Integer> {
  /** Stands for every balancer that needs no options. */
  private static final String ALL = "all";

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = "The configuration, in YAML; its section 'simulation' says how requests come.")
  private @Nullable Path file;

  @Option(
      names = "--algorithm",
      paramLabel = "NAME",
      split = ",",
      description =
          "The balancer, instead of the file's; several, separated by commas, are compared; 'all': every one.")
  private List<String> algorithms = List.of();

  @Option(
      names = "--option",
      paramLabel = "NAME=VALUE",
      description = "An option of the balancer that --algorithm names.")
  private Map<String, String> options = Map.of();

  @Option(names = "--pool", paramLabel = "NAME", description = "Which pool of FILE.")
  private @Nullable String pool;

  @Option(
      names = "--endpoints",
      paramLabel = "N",
      description = "How many endpoints, without FILE (default: 10).")
  private @Nullable Integer endpoints;

  @Option(
      names = "--requests",
      paramLabel = "N",
      description = "How many requests arrive (default: 100000).")
  private @Nullable Integer requests;

  @Option(names = "--seed", paramLabel = "N", description = "Where chance starts (default: 1).")
  private @Nullable Integer seed;

  @Option(
      names = "--loops",
      paramLabel = "N",
      description = "How many event loops choose, each by itself (default: 1).")
  private @Nullable Integer loops;

  @Option(
      names = "--load",
      paramLabel = "X",
      description =
          "The share of what the endpoints can serve that is asked of them (default: 0.7).")
  private @Nullable Double load;

  @Option(
      names = "--keys",
      paramLabel = "N",
      description = "How many different keys requests have (default: 10000).")
  private @Nullable Integer keys;

  @Option(
      names = "--json",
      description = "Prints everything as JSON, times in nanoseconds, instead of tables.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Balancers balancers = Balancers.standard();

  @Override
  public Integer call() {
    checkUsage();
    PrintWriter err = spec.commandLine().getErr();
    Configuration configuration =
        file == null ? null : ConfigurationFile.read(file, balancers, err);
    if (file != null && configuration == null) {
      return ExitCode.USAGE;
    }
    Simulation scenario = scenario(configuration);
    Pool settings = configuration == null ? samplePool() : pool(configuration, scenario);
    List<SimulationResult> results =
        specs(settings).stream().map(balancer -> run(balancer, settings, scenario)).toList();
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? SimulationJson.of(results) : SimulationText.of(results));
    out.flush();
    return ExitCode.OK;
  }

  private void checkUsage() {
    if (file == null && algorithms.isEmpty()) {
      throw usage("there is nothing to simulate, expected FILE or --algorithm NAME");
    }
    if (file != null && endpoints != null) {
      throw usage("--endpoints stands beside FILE, whose pool has its own");
    }
    if (file == null && pool != null) {
      throw usage("--pool stands without FILE, expected the file that has it");
    }
    requireInRange("--endpoints", endpoints, 1, 100_000);
    requireInRange("--requests", requests, 1, 100_000_000);
    requireInRange("--loops", loops, 1, 1_024);
    requireInRange("--load", load, 0.001, 100);
    requireInRange("--keys", keys, 1, 10_000_000);
    if (!options.isEmpty() && (algorithms.size() != 1 || algorithms.contains(ALL))) {
      throw usage("--option stands without one --algorithm, expected exactly one to apply it to");
    }
  }

  private void requireInRange(String option, @Nullable Number value, double least, double most) {
    if (value != null && !(value.doubleValue() >= least && value.doubleValue() <= most)) {
      throw usage(option + " is " + value + ", expected " + plain(least) + " to " + plain(most));
    }
  }

  private static String plain(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** The file's scenario, with what the command line says instead. */
  private Simulation scenario(@Nullable Configuration configuration) {
    Simulation said = configuration == null ? null : configuration.simulation();
    Simulation scenario = said == null ? Simulation.defaults() : said;
    if (requests != null) {
      scenario = scenario.withRequests(requests);
    }
    if (seed != null) {
      scenario = scenario.withSeed(seed);
    }
    if (loops != null) {
      scenario = scenario.withLoops(loops);
    }
    if (load != null) {
      scenario =
          scenario.withArrivals(new SimulatedArrivals(0, load, scenario.arrivals().process()));
    }
    if (keys != null) {
      scenario = scenario.withKeys(new SimulatedKeys(keys, scenario.keys().exponent()));
    }
    return scenario;
  }

  private Pool samplePool() {
    int count = endpoints == null ? 10 : endpoints;
    List<EndpointSpec> specs =
        IntStream.rangeClosed(1, count).mapToObj(SimulateCommand::sampleEndpoint).toList();
    return Pool.of(BalancerSpec.of(algorithms.getFirst()), specs);
  }

  private static EndpointSpec sampleEndpoint(int number) {
    String host = "10." + (number >> 16) + "." + (number >> 8 & 255) + "." + (number & 255);
    return EndpointSpec.of(new Address(host, 80));
  }

  private Pool pool(Configuration configuration, Simulation scenario) {
    String name = pool != null ? pool : scenario.pool();
    Map<String, Pool> pools = configuration.pools();
    if (pools.isEmpty()) {
      throw usage(file + " has no pools, expected one to simulate");
    }
    Pool found = name == null ? pools.values().iterator().next() : pools.get(name);
    if (found == null) {
      throw usage("--pool is " + name + ", expected one of: " + String.join(", ", pools.keySet()));
    }
    return found;
  }

  private List<BalancerSpec> specs(Pool settings) {
    if (algorithms.isEmpty()) {
      return List.of(settings.balancer());
    }
    List<BalancerSpec> specs = new ArrayList<>();
    for (String name : algorithms) {
      if (name.equals(ALL)) {
        balancers.names().stream()
            .map(BalancerSpec::of)
            .filter(balancer -> balancers.check(balancer).isEmpty())
            .forEach(specs::add);
      } else {
        specs.add(checked(new BalancerSpec(name, optionValues())));
      }
    }
    return specs;
  }

  private BalancerSpec checked(BalancerSpec balancer) {
    balancers.check(balancer).stream()
        .findFirst()
        .ifPresent(problem -> {
          throw usage(
              problem.option() == null
                  ? "--algorithm " + balancer.name() + ": " + problem.message()
                  : "--option " + problem.option() + ": " + problem.message());
        });
    return balancer;
  }

  private Map<String, Object> optionValues() {
    Map<String, Object> values = new LinkedHashMap<>();
    options.forEach((name, text) -> values.put(name, optionValue(text)));
    return values;
  }

  /** As YAML would read it. */
  private static Object optionValue(String text) {
    if (text.equals("true") || text.equals("false")) {
      return Boolean.valueOf(text);
    }
    if (text.matches("[-+]?[0-9]{1,18}")) {
      return Long.valueOf(text);
    }
    return text.matches("[-+]?[0-9]*\\.[0-9]+") ? Double.valueOf(text) : text;
  }

  private SimulationResult run(BalancerSpec balancer, Pool settings, Simulation scenario) {
    var progress =
        new SimulationProgress(
            spec.commandLine().getErr(),
            isTerminal(),
            balancer.name(),
            scenario.requests(),
            System::nanoTime);
    return new Simulator(
            balancer.toString(),
            settings,
            scenario,
            (all, ready) -> balancers.create(balancer, ready),
            SplittableRandom::new,
            progress)
        .run();
  }

  @SuppressWarnings(
      "SystemConsoleNull") // it is not null in this version; its declaration says it may be
  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }
}
