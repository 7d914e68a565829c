# Sourced by steelyard and train (POSIX sh): the JVM and its options.

home="$(dirname "$(dirname "$(readlink -f "$0")")")"
. "$home/bin/find-jdk.sh"

# What the training run recorded. Without it, or with another JDK, the start is slower and the first minutes cost more CPU.
cache="$home/lib/steelyard.aot"

# start OPTION MAIN ARGUMENT...: becomes a JVM that runs class MAIN.
#
# A proxy's heap stays small: it allocates next to nothing per request, and bodies pass through direct buffers. The serial
# collector has the smallest footprint. Netty needs Unsafe and native access for its transports, and is to keep the buffers of
# bulk reads (128 KiB): freed, they would take whole chunks of memory with them, to be mapped and cleared again at once.
start() {
  jdk="$(find_jdk 25)" || {
    echo "steelyard: no JDK 25 or newer found in JAVA_HOME, on the PATH or under /usr/lib/jvm" >&2
    exit 1
  }
  # In an order that stays, as a directory's need not: a recording holds for one class path.
  path="$(LC_ALL=C; printf '%s:' "$home"/lib/*.jar)"
  option="$1"
  main="$2"
  shift 2
  # shellcheck disable=SC2086 # the options are words
  exec "$jdk/bin/java" \
    -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -Xms24m -Xmn16m -Xss512k \
    -XX:-UsePerfData -XX:+ExitOnOutOfMemoryError "$option" \
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -Dio.netty.allocator.maxCachedBufferCapacity=131072 \
    ${STEELYARD_JAVA_OPTS-} \
    -cp "${path%:}" "$main" "$@"
}
