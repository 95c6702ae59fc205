package dev.gangway.tomcat;

import dev.gangway.server.StaticFolder;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.Container;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.webresources.DirResourceSet;
import org.apache.catalina.webresources.StandardRoot;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

/** Adds what a gateway serves to a context of Tomcat. */
final class TomcatContext {

  private final Context context;

  TomcatContext(Context context) {
    this.context = context;
  }

  /** Adds a servlet that supports asynchronous operation. */
  void servlet(String mapping, Servlet servlet) {
    String name = "gateway" + mapping;
    Wrapper wrapper = Tomcat.addServlet(context, name, servlet);
    wrapper.setAsyncSupported(true);
    wrapper.setLoadOnStartup(1);
    context.addServletMappingDecoded(mapping, name);
  }

  /** Adds a filter that supports asynchronous operation. */
  void filter(String mapping, Filter filter) {
    FilterDef definition = new FilterDef();
    definition.setFilterName("gateway" + context.findFilterDefs().length);
    definition.setFilter(filter);
    definition.setFilterClass(filter.getClass().getName());
    definition.setAsyncSupported("true");
    context.addFilterDef(definition);
    FilterMap map = new FilterMap();
    map.setFilterName(definition.getFilterName());
    map.addURLPatternDecoded(mapping);
    context.addFilterMap(map);
  }

  /** Adds the default servlet for a folder. */
  void staticFolder(StaticFolder folder) {
    if (context.getResources() == null) {
      context.setResources(new StandardRoot(context));
    }
    String path = folder.path().isEmpty() ? "/" : folder.path();
    context
        .getResources()
        .addPreResources(
            new DirResourceSet(context.getResources(), path, folder.folder().toString(), "/"));
    String mapping = folder.path() + "/*";
    servlet(mapping, new StaticServlet(folder));
    Container wrapper = context.findChild("gateway" + mapping);
    if (wrapper instanceof Wrapper servlet) {
      servlet.addInitParameter("listings", "false");
      servlet.addInitParameter("precompressed", "br=.br,gzip=.gz");
      servlet.addInitParameter("showServerInfo", "false");
      // The bytes of text files go out as they are.
      servlet.addInitParameter("fileEncoding", StandardCharsets.UTF_8.name());
      servlet.addInitParameter("useBomIfPresent", "pass-through");
    }
  }
}
