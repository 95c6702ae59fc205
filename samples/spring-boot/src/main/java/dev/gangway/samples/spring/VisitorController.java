package dev.gangway.samples.spring;

import java.util.List;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Who is at the desk, for programs. */
@RestController
class VisitorController {

  /**
   * A visitor.
   *
   * @param name of the login
   * @param authorities roles and what else Spring Security granted
   */
  record Visitor(String name, List<String> authorities) {}

  @GetMapping("/api/visitor")
  Visitor visitor(Authentication user) {
    return new Visitor(
        user.getName(),
        user.getAuthorities().stream()
            .map(GrantedAuthority::getAuthority)
            .map(String::valueOf)
            .sorted()
            .toList());
  }
}
