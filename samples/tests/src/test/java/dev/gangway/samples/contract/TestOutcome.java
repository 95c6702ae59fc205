package dev.gangway.samples.contract;

import java.io.Serializable;

/**
 * What became of a test.
 *
 * @param name of the method, and of the invocation if there are several
 * @param failure a stack trace, or the reason why the test did not run to its end; "" if it passed
 */
public record TestOutcome(String name, String failure) implements Serializable {}
