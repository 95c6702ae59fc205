package dev.gangway;

/**
 * A response header. Name and value are "bytes as unicode": each character stands for one byte (PEP
 * 3333, "Unicode Issues").
 *
 * @param name a token (RFC 9110, section 5.1)
 * @param value without control characters
 */
public record Header(String name, String value) {}
