package dev.gangway.python.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A FastAPI application at a prefix, unmodified. */
public abstract class FastApiConformance extends PythonTest {

  @BeforeAll
  static void isInstalled() {
    Pythons.require(Pythons.has("fastapi"), "FastAPI");
  }

  @Override
  PythonMount mount() {
    return PythonMount.of("asgi_frameworks:fastapi()").at("/mount");
  }

  @Test
  void answersJson() throws Exception {
    assertThat(get("/mount/items/7?q=x").text()).isEqualTo("{\"number\":7,\"q\":\"x\"}");
    assertThat(get("/mount/items/seven").status()).isEqualTo(422);
    assertThat(get("/mount/sync").text()).isEqualTo("{\"sync\":true}");
  }

  @Test
  void itsDocumentationKnowsThePrefix() throws Exception {
    assertThat(get("/mount/docs").text()).contains("/mount/openapi.json");
    assertThat(get("/mount/openapi.json").text()).contains("\"servers\":[{\"url\":\"/mount\"}]");
  }
}
