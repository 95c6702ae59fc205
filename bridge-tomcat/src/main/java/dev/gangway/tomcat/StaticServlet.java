package dev.gangway.tomcat;

import dev.gangway.server.StaticFolder;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.servlets.DefaultServlet;

/** Tomcat's own servlet for files, behind the folder's door. */
@SuppressWarnings("serial") // a servlet made in code is never serialized
final class StaticServlet extends DefaultServlet {

  private final transient StaticFolder folder;

  StaticServlet(StaticFolder folder) {
    this.folder = folder;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    if (folder.admits(request, response)) {
      super.service(request, response);
    }
  }
}
