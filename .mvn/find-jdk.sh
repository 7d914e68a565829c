# Sourced by mvnw and steelyard (POSIX sh): where is a JDK that is new enough?

# Prints the major version of the Java installation in directory $1; fails where there is none.
jdk_major() {
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" | grep . || return 1
}

# Prints the home of the first JDK of version $1 or newer: JAVA_HOME, the java on the PATH, then /usr/lib/jvm.
find_jdk() {
  find_jdk_path="$(command -v java 2>/dev/null)" && find_jdk_path="$(readlink -f "$find_jdk_path")" || find_jdk_path=
  for find_jdk_home in "${JAVA_HOME-}" "${find_jdk_path%/bin/java}" /usr/lib/jvm/*; do
    [ -n "$find_jdk_home" ] || continue
    find_jdk_major="$(jdk_major "$find_jdk_home")" || continue
    [ "$find_jdk_major" -ge "$1" ] && { printf '%s\n' "$find_jdk_home"; return 0; }
  done
  return 1
}
