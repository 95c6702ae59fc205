/** The servers that the side-by-side runs measure. */
@NullMarked
package dev.gangway.benchmarks;

import org.jspecify.annotations.NullMarked;
