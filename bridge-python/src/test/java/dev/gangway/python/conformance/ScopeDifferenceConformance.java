package dev.gangway.python.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an ASGI application sees and answers, compared with Uvicorn. */
public abstract class ScopeDifferenceConformance extends DifferentialConformance {

  private static final String APPLICATION = "asgi_differential:application";

  /** The root path of the second comparison. */
  private static final String PREFIX = "/pre-fix";

  @Override
  PythonMount mount() {
    return PythonMount.of(APPLICATION).at("/", PREFIX);
  }

  @Override
  String peerName() {
    return "Uvicorn";
  }

  /** A client that closes its side may be taken for one that has left, and is not answered then. */
  @Override
  List<Comparison> comparisons() {
    Map<String, String> requests = DifferentialRequests.all();
    requests.keySet().removeAll(UNFINISHED);
    requests.putAll(WebSocketRequests.all());
    return List.of(
        new Comparison(() -> Peer.uvicorn(APPLICATION), requests),
        new Comparison(
            () -> Peer.uvicorn(APPLICATION, "--root-path=" + PREFIX), belowThePrefix(requests)));
  }

  /**
   * What asks for a path of its own, at the prefix, as a proxy passes it on that leaves it there.
   */
  private static Map<String, String> belowThePrefix(Map<String, String> requests) {
    Map<String, String> moved = new LinkedHashMap<>();
    requests.forEach(
        (name, request) -> {
          if (name.matches("(websocket )?path .*")) {
            moved.put("below " + name, request.replaceFirst(" ", " " + PREFIX));
          }
        });
    return moved;
  }

  @Override
  String seenByApplication() {
    return "scope ";
  }
}
