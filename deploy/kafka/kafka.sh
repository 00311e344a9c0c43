#!/usr/bin/env bash
# A real single-node Apache Kafka for development, tests and benchmarks, from Maven Central. Needs Java 17 and Maven.
#   kafka.sh start | stop | reset | status
# Settings: KAFKA_PORT (9092), KAFKA_CONTROLLER_PORT (port + 1), KAFKA_HOME (.kafka: jars, kept), KAFKA_RUN
# ($KAFKA_HOME/node-$KAFKA_PORT: data, log, process id), KAFKA_JVM (heap and compiler flags).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
port=${KAFKA_PORT:-9092}
controller_port=${KAFKA_CONTROLLER_PORT:-$((port + 1))}
home=${KAFKA_HOME:-$root/.kafka}
run=${KAFKA_RUN:-$home/node-$port}
jvm=${KAFKA_JVM:--Xms256m -Xmx256m -XX:+UseSerialGC}
cluster_id=MkU3OEVBNTcwNTJENDM2Qk
libs=$home/libs
pid_file=$run/pid
log=$run/kafka.log

need() {
  command -v "$1" >/dev/null || { echo "kafka: $1 is missing; install $2" >&2; exit 1; }
}

fetch() {
  [ -f "$libs/.complete-4.3.1" ] && return
  need mvn "Maven (Debian: maven)"
  mkdir -p "$home"
  exec 9>"$home/fetch.lock"
  flock 9
  if [ ! -f "$libs/.complete-4.3.1" ]; then
    echo "kafka: fetching Apache Kafka 4.3.1 into $libs (once)"
    rm -rf "$libs"
    mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$libs" -DincludeScope=runtime
    touch "$libs/.complete-4.3.1"
  fi
  exec 9>&-
}

running() {
  [ -f "$pid_file" ] && kill -0 "$(cat "$pid_file")" 2>/dev/null &&
    tr '\0' ' ' <"/proc/$(cat "$pid_file")/cmdline" 2>/dev/null | grep -q "kafka.Kafka $run/server.properties"
}

classpath() {
  echo "$here:$libs/*"
}

format() {
  mkdir -p "$run"
  {
    cat "$here/server.properties"
    echo "listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$controller_port"
    echo "advertised.listeners=PLAINTEXT://127.0.0.1:$port"
    echo "controller.quorum.bootstrap.servers=127.0.0.1:$controller_port"
    echo "log.dirs=$run/data"
  } >"$run/server.properties"
  [ -f "$run/data/meta.properties" ] && return
  java -cp "$(classpath)" kafka.tools.StorageTool format --standalone -t "$cluster_id" \
    -c "$run/server.properties" >"$run/format.log" 2>&1 || { cat "$run/format.log" >&2; exit 1; }
}

# The daemon gets its own session and none of our open files, so that it holds no lock or pipe of its parent.
launch() {
  (
    for descriptor in /proc/self/fd/*; do
      number=${descriptor##*/}
      [ "$number" -gt 2 ] && eval "exec $number>&-"
    done
    # shellcheck disable=SC2086
    exec setsid java $jvm -cp "$(classpath)" kafka.Kafka "$run/server.properties" </dev/null >>"$log" 2>&1
  ) &
  echo $! >"$pid_file"
}

answers() {
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null
}

start() {
  if running; then echo "kafka: already running on 127.0.0.1:$port"; return; fi
  if answers; then echo "kafka: port $port is taken by another program; set KAFKA_PORT" >&2; exit 1; fi
  need java "a Java 17 runtime (Debian: openjdk-17-jre-headless)"
  fetch
  format
  launch
  for _ in $(seq 1 300); do
    answers && { echo "kafka: ready on 127.0.0.1:$port"; return; }
    running_or_starting || break
    sleep 0.1
  done
  tail -n 30 "$log" >&2
  echo "kafka: did not start; its log is $log" >&2
  exit 1
}

running_or_starting() {
  kill -0 "$(cat "$pid_file")" 2>/dev/null
}

stop() {
  if ! running; then rm -f "$pid_file"; echo "kafka: not running"; return; fi
  pid=$(cat "$pid_file")
  kill "$pid"
  for _ in $(seq 1 200); do
    kill -0 "$pid" 2>/dev/null || { rm -f "$pid_file"; echo "kafka: stopped"; return; }
    sleep 0.1
  done
  kill -9 "$pid"
  rm -f "$pid_file"
  echo "kafka: killed after 20 s"
}

reset() {
  if running; then kill -9 "$(cat "$pid_file")"; fi
  rm -rf "$run"
  echo "kafka: data of port $port deleted"
}

status() {
  if running; then echo "kafka: running on 127.0.0.1:$port, process $(cat "$pid_file")"; else echo "kafka: not running"; return 3; fi
}

case "${1:-}" in
  start | stop | reset | status) "$1" ;;
  *) echo "usage: kafka.sh start | stop | reset | status" >&2; exit 2 ;;
esac
