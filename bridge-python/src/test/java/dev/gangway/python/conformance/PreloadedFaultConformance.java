package dev.gangway.python.conformance;

import dev.gangway.python.PythonSetting;

/** The same faults where one process imports the application and forks the workers. */
public abstract class PreloadedFaultConformance extends FaultConformance {

  @Override
  PythonMount mount() {
    return super.mount().with(PythonSetting.PRELOAD, "on");
  }
}
