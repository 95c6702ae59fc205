/** A gateway application in Java that spells words over the radio, with a middleware around it. */
@NullMarked
package dev.gangway.samples.spelling;

import org.jspecify.annotations.NullMarked;
