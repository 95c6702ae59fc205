/** Mounts a gateway application as a servlet or a filter. */
@NullMarked
package dev.gangway.servlet;

import org.jspecify.annotations.NullMarked;
