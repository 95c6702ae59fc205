package dev.gangway.python.conformance;

/** The same with {@code request-buffering: off}. */
public abstract class StreamedFaultConformance extends FaultConformance {

  @Override
  boolean streams() {
    return true;
  }
}
