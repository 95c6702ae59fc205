package dev.gangway.spring.observation;

import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.util.Map;
import java.util.TreeMap;

/** The headers by which an application joins the current trace. Safe for many threads. */
final class TraceHeaders {

  private static final String TRACEPARENT = "traceparent";
  private static final String TRACESTATE = "tracestate";

  private final Tracer tracer;
  private final Propagator propagator;

  TraceHeaders(Tracer tracer, Propagator propagator) {
    this.tracer = tracer;
    this.propagator = propagator;
  }

  /**
   * The headers of the span in scope.
   *
   * @return by name in any case; an empty value hides a header; nothing outside of any trace
   */
  Map<String, String> ofCurrentSpan() {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    TraceContext context = tracer.currentTraceContext().context();
    if (context != null) {
      propagator.inject(context, headers, (all, name, value) -> headers.put(name, value));
      if (headers.containsKey(TRACEPARENT)) {
        // That of the client belongs to its own traceparent (Trace Context, section 3.4).
        headers.putIfAbsent(TRACESTATE, "");
      }
    }
    return headers;
  }
}
