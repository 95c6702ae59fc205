package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GatewayMiddlewareTest {

  private final List<String> calls = new ArrayList<>();

  private final GatewayApplication application =
      (environ, startResponse) -> {
        calls.add("application");
        return ResponseBody.empty();
      };

  private GatewayMiddleware named(String name) {
    return inner ->
        (environ, startResponse) -> {
          calls.add(name);
          return inner.call(environ, startResponse);
        };
  }

  @Test
  void appliesTheFirstOutermost() throws Exception {
    application
        .with(named("first"), named("second"))
        .call(Environ.of(Map.of()), (status, headers, excInfo) -> chunk -> {});
    assertThat(calls).containsExactly("first", "second", "application");
  }

  @Test
  void composes() throws Exception {
    named("outer")
        .around(named("inner"))
        .wrap(application)
        .call(Environ.of(Map.of()), (status, headers, excInfo) -> chunk -> {});
    assertThat(calls).containsExactly("outer", "inner", "application");
  }
}
