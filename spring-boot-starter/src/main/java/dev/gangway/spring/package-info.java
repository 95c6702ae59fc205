/** Spring Boot applications with gateway applications mounted in them. */
@NullMarked
package dev.gangway.spring;

import org.jspecify.annotations.NullMarked;
