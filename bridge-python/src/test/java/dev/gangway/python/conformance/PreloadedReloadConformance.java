package dev.gangway.python.conformance;

import dev.gangway.python.PythonSetting;

/** The same where one process imports the application and forks the workers. */
public abstract class PreloadedReloadConformance extends ReloadConformance {

  @Override
  PythonMount mount() {
    return super.mount().with(PythonSetting.PRELOAD, "on");
  }
}
