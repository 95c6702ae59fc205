package dev.gangway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BindAddressTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:8000,127.0.0.1,8000,http://127.0.0.1:8000/",
    "localhost,localhost,8000,http://localhost:8000/",
    ":9000,'',9000,http://localhost:9000/",
    "[::1]:80,::1,80,http://[::1]:80/",
    "[::1],::1,8000,http://[::1]:8000/",
    "tcp://0.0.0.0:0,0.0.0.0,0,http://0.0.0.0:0/",
  })
  void readsTcpAddressesAsGunicornDoes(String text, String host, int port, String uri) {
    BindAddress address = BindAddress.parse(text);
    assertThat(address).isEqualTo(new BindAddress(host, port, null));
    assertThat(address.uri(port)).hasToString(uri);
  }

  @ParameterizedTest
  @ValueSource(strings = {"unix:/run/g.sock", "unix:///run/g.sock", "UNIX:/run/g.sock"})
  void readsUnixDomainSocketsAsGunicornDoes(String text) {
    BindAddress address = BindAddress.parse(text);
    assertThat(address.socket()).isEqualTo(Path.of("/run/g.sock"));
    assertThat(address.uri(-1)).hasToString("unix:/run/g.sock");
  }

  @Test
  void takesARelativeSocketFromTheCurrentFolder() {
    assertThat(BindAddress.parse("unix:g.sock").socket())
        .isEqualTo(Path.of("g.sock").toAbsolutePath());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"here:there", "::1", "[::1", "h:65536", "h:-1", "unix:", "http://h:80", "[::1]8"})
  void saysWhatIsWrongWithOthers(String text) {
    assertThatThrownBy(() -> BindAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + text + "\"")
        .hasMessageContaining("Use HOST:PORT");
  }
}
