/** Benchmarks of the servlet bridge, in its package because what they measure is not public. */
@org.jspecify.annotations.NullMarked
package dev.gangway.servlet;
