/** The harbour on embedded Tomcat. */
@NullMarked
package dev.gangway.samples.tomcat;

import org.jspecify.annotations.NullMarked;
