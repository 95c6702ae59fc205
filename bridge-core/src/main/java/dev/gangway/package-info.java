/** The WSGI contract (PEP 3333) in Java's idiom; it knows no servlet and no Python. */
@NullMarked
package dev.gangway;

import org.jspecify.annotations.NullMarked;
