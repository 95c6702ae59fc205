/** The ASGI contract (version 3.0) in Java: asynchronous HTTP, lifespan and WebSocket. */
@NullMarked
package dev.gangway.asgi;

import org.jspecify.annotations.NullMarked;
