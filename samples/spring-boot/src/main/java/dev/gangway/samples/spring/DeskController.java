package dev.gangway.samples.spring;

import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The pages that Java makes. */
@Controller
class DeskController {

  @GetMapping("/")
  String desk(@Nullable Principal user, Model model) {
    if (user != null) {
      model.addAttribute("user", user.getName());
    }
    return "desk";
  }

  @GetMapping("/login")
  String login() {
    return "login";
  }
}
