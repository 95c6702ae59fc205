/** What every container must make of the contract; each container's module runs it. */
package dev.gangway.conformance;
