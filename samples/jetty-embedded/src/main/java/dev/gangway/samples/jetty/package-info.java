/** The harbour on embedded Jetty. */
@NullMarked
package dev.gangway.samples.jetty;

import org.jspecify.annotations.NullMarked;
