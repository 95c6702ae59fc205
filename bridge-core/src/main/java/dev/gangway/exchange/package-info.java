/** The asynchronous exchange: how an application that answers from elsewhere meets a request. */
@NullMarked
package dev.gangway.exchange;

import org.jspecify.annotations.NullMarked;
