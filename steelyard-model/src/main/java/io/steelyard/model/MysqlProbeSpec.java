package io.steelyard.model;

/** Waits for the greeting of MySQL. */
@Doc(
    "Waits for the greeting of MySQL or MariaDB (protocol 10). A server that refuses with an error, such as too many connections,"
        + " is not well. It does not log in: MySQL counts that as an aborted connection (`max_connect_errors`).")
public record MysqlProbeSpec() implements ProbeSpec {}
