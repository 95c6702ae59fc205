/** Hosts Python applications in supervised worker processes behind the WSGI contract. */
@NullMarked
package dev.gangway.python;

import org.jspecify.annotations.NullMarked;
