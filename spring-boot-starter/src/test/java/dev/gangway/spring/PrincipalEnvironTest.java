package dev.gangway.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.Environ;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;

class PrincipalEnvironTest {

  private final MockHttpServletRequest request = new MockHttpServletRequest();

  private Environ environ(Authentication user) {
    request.setUserPrincipal(user);
    Environ environ = Environ.of(Map.of());
    new PrincipalEnviron().customize("shop", environ, request);
    return environ;
  }

  @ParameterizedTest
  @CsvSource({
    "ROLE_ADMIN, ROLE_ADMIN",
    "SCOPE_read:all, SCOPE_read:all",
    "'a,b', a%2Cb",
    "100%, 100%25",
    "'two words', two%20words",
    "'a\nb', a%0Ab",
    "H\u00e5vard, H%C3%A5vard"
  })
  void noAuthorityPassesForTwo(String authority, String seen) {
    assertThat(PrincipalEnviron.escaped(authority)).isEqualTo(seen);
  }

  @Test
  void theAuthoritiesAreInOneLine() {
    assertThat(environ(new TestingAuthenticationToken("kari", "", "ROLE_USER", "a,b")))
        .containsEntry("gangway.authorities", "ROLE_USER,a%2Cb")
        .containsEntry("AUTH_TYPE", "Testing");
    assertThat(environ(new TestingAuthenticationToken("kari", "", new String[] {})))
        .containsEntry("gangway.authorities", "");
  }

  @Test
  void whoIsNotAuthenticatedHasNone() {
    Authentication refused = new TestingAuthenticationToken("kari", "", "ROLE_USER");
    refused.setAuthenticated(false);
    assertThat(environ(refused)).isEmpty();
    assertThat(environ(null)).isEmpty();
  }

  @Test
  void whatTheContainerHasAuthenticatedKeepsItsType() {
    request.setAuthType("CLIENT_CERT");
    assertThat(environ(new TestingAuthenticationToken("kari", "", "ROLE_USER")))
        .containsOnlyKeys("gangway.authorities");
  }
}
