/**
 * The conformance suites of Java applications as a web application of Tomcat's distribution. Their
 * applications are lambdas, so the suites run in Tomcat's JVM; they talk to it over sockets.
 */
package dev.gangway.samples.contract;
