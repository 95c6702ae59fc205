/** Benchmarks of the transport to Python, in its package as what they measure is not public. */
@org.jspecify.annotations.NullMarked
package dev.gangway.python;
