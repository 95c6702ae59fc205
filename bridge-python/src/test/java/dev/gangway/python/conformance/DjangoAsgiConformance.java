package dev.gangway.python.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Django's ASGI handler at a prefix: views of both kinds. */
public abstract class DjangoAsgiConformance extends PythonTest {

  @BeforeAll
  static void isInstalled() {
    Pythons.require(Pythons.has("django"), "Django");
  }

  @Override
  PythonMount mount() {
    return PythonMount.of("asgi_frameworks:django()").at("/mount");
  }

  @Test
  void viewsKnowWhereTheyAreMounted() throws Exception {
    assertThat(get("/mount/?a=b").text()).isEqualTo("GET /mount/ /mount/?a=b /mount/ ");
    assertThat(get("/mount/named/%C3%A9").text())
        .isEqualTo("GET /mount/named/\u00c3\u00a9 /mount/named/%C3%A9 /mount/ \u00c3\u00a9");
    assertThat(get("/mount/nowhere").status()).isEqualTo(404);
  }

  @Test
  void viewsOfBothKindsAnswer() throws Exception {
    assertThat(get("/mount/async").text()).isEqualTo("asynchronous");
    assertThat(get("/mount/streamed").text()).isEqualTo("part 0\npart 1\npart 2\n");
    assertThat(get("/mount/broken").status()).isEqualTo(500);
    assertThat(send("HEAD", "/mount/async").status()).isEqualTo(200);
  }

  @Test
  void bodiesArriveWhole() throws Exception {
    assertThat(post("/mount/size", "x".repeat(200_000)).text()).isEqualTo("200000");
  }
}
