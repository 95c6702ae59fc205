package dev.gangway.python;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StacksTest {

  private static final String STACKS =
      """
      Thread 0x00007f1d2c3fe6c0 (most recent call first):
        File "/srv/site/views.py", line 17 in report
        File "/srv/site/wsgi.py", line 3 in application

      Thread 0x00007f1d2cbff6c0 [named] (most recent call first):
        File "/usr/lib/python3.14/threading.py", line 9 in run
      Current thread 0x00007f1d2d7de000 (most recent call first):
        File "/usr/lib/python3.14/selectors.py", line 1 in select
      """;

  @Test
  void findsTheThreadThatRunsTheRequest() {
    assertThat(Stacks.of(STACKS, 0x7f1d2c3fe6c0L))
        .isEqualTo(
            "  File \"/srv/site/views.py\", line 17 in report\n"
                + "  File \"/srv/site/wsgi.py\", line 3 in application");
    assertThat(Stacks.of(STACKS, 0x7f1d2cbff6c0L)).endsWith("line 9 in run");
    assertThat(Stacks.of(STACKS, 0x7f1d2d7de000L)).endsWith("line 1 in select");
  }

  @Test
  void showsAllWhereThatThreadIsNotAmongThem() {
    assertThat(Stacks.of(STACKS, 1)).isEqualTo(STACKS.stripTrailing());
    assertThat(Stacks.of("", 1)).isEmpty();
  }
}
