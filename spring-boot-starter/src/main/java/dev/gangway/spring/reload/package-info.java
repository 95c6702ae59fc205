/** New workers for changed sources while one develops. */
@NullMarked
package dev.gangway.spring.reload;

import org.jspecify.annotations.NullMarked;
