/** Meters and traces of what is mounted. */
@NullMarked
package dev.gangway.spring.observation;

import org.jspecify.annotations.NullMarked;
