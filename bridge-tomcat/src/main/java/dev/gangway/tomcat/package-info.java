/** Starts Tomcat with gateway applications, and adds them to one that is there. */
@NullMarked
package dev.gangway.tomcat;

import org.jspecify.annotations.NullMarked;
