/** Checks applications and servers against the contract. */
@NullMarked
package dev.gangway.lint;

import org.jspecify.annotations.NullMarked;
