package io.steelyard.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs of the machine. */
final class Tools {
  private Tools() {}

  /** Looks in PATH, then where Debian keeps daemons: a user's PATH often lacks it. */
  static Optional<Path> find(String name) {
    String path = System.getenv("PATH");
    Stream<String> directories =
        Stream.concat(
            Arrays.stream((path == null ? "" : path).split(":", -1)),
            Stream.of("/usr/sbin", "/usr/local/sbin"));
    return directories
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, name))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }

  /**
   * @throws Missing when there is none
   */
  static String require(String name) {
    return find(name).map(Path::toString).orElseThrow(() -> new Missing(absence(name)));
  }

  static String absence(String name) {
    return name + " is not installed (Debian: apt-get install " + debianPackage(name) + ")";
  }

  private static String debianPackage(String name) {
    return switch (name) {
      case "taskset" -> "util-linux";
      case "h2load" -> "nghttp2-client";
      case "nft" -> "nftables";
      case "ip" -> "iproute2";
      case "sysctl" -> "procps";
      default -> name;
    };
  }

  /** A tool that a measurement cannot do without is not on this machine. */
  static final class Missing extends RuntimeException {
    private static final long serialVersionUID = 1;

    Missing(String message) {
      super(message);
    }
  }
}
