/** Health and an actuator endpoint for what is mounted. */
@NullMarked
package dev.gangway.spring.actuate;

import org.jspecify.annotations.NullMarked;
