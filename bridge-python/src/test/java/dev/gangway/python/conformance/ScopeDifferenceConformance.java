package dev.gangway.python.conformance;

import java.io.IOException;
import java.util.Map;

/** What an ASGI application sees and answers, compared with Uvicorn. */
public abstract class ScopeDifferenceConformance extends DifferentialConformance {

  private static final String APPLICATION = "asgi_differential:application";

  @Override
  PythonMount mount() {
    return PythonMount.of(APPLICATION);
  }

  @Override
  String peerName() {
    return "Uvicorn";
  }

  @Override
  Peer peer() throws IOException {
    return Peer.uvicorn(APPLICATION);
  }

  /** A client that closes its side may be taken for one that has left, and is not answered then. */
  @Override
  Map<String, String> requests() {
    Map<String, String> requests = super.requests();
    requests.keySet().removeAll(UNFINISHED);
    return requests;
  }

  @Override
  String seenByApplication() {
    return "scope ";
  }
}
