/** The words that the front doors of all containers share: addresses, static folders, proxies. */
@NullMarked
package dev.gangway.server;

import org.jspecify.annotations.NullMarked;
