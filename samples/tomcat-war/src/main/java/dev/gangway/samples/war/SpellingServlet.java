package dev.gangway.samples.war;

import dev.gangway.samples.spelling.ServerTiming;
import dev.gangway.samples.spelling.SpellingApplication;
import dev.gangway.servlet.GatewayServlet;

/** The Java application as a servlet that web.xml can name. */
public final class SpellingServlet extends GatewayServlet {

  private static final long serialVersionUID = 1;

  /** A servlet for the application inside its middleware. */
  public SpellingServlet() {
    super(new SpellingApplication().with(new ServerTiming()));
  }
}
