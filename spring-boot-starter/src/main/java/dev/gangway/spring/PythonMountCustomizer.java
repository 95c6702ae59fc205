package dev.gangway.spring;

import dev.gangway.python.PythonApplication;

/**
 * Changes the settings of Python applications before they start. Beans of this type are called in
 * their order, for each mount, after the properties are applied; and again whenever the mount is
 * started anew.
 */
@FunctionalInterface
public interface PythonMountCustomizer {

  /**
   * Changes the settings of one mount.
   *
   * @param mount the mount's name, as in {@code gangway.mounts.<name>}
   * @param application to be changed
   */
  void customize(String mount, PythonApplication.Builder application);
}
