package dev.gangway.asgi;

/**
 * One end of a connection.
 *
 * @param host an IP address or a name; for a Unix domain socket its path
 * @param port 1 to 65535; 0 if a proxy does not tell it, -1 for a Unix domain socket
 */
public record Address(String host, int port) {}
