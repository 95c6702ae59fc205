/** Starts Jetty with gateway applications, and adds them to one that is there. */
@NullMarked
package dev.gangway.jetty;

import org.jspecify.annotations.NullMarked;
