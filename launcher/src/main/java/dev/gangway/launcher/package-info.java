/** {@code java -jar gangway.jar mysite.wsgi:application}, with gunicorn's option names. */
@NullMarked
package dev.gangway.launcher;

import org.jspecify.annotations.NullMarked;
