/** The harbour in a Spring Boot application. */
@NullMarked
package dev.gangway.samples.spring;

import org.jspecify.annotations.NullMarked;
