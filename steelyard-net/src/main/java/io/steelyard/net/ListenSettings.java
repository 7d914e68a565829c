package io.steelyard.net;

/**
 * How a listening TCP socket behaves.
 *
 * @param backlog connections that the kernel completes and holds until they are accepted
 * @param accepted for each accepted connection
 */
public record ListenSettings(int backlog, SocketSettings accepted) {}
