/** The servlet of the harbour's WAR that is not configured by web.xml alone. */
@NullMarked
package dev.gangway.samples.war;

import org.jspecify.annotations.NullMarked;
