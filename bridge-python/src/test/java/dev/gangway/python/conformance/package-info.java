/** What a Python application must see in every container: each container's module runs these. */
package dev.gangway.python.conformance;
