package dev.gangway.tomcat;

import dev.gangway.GatewayApplication;
import dev.gangway.conformance.ConformanceServer;
import dev.gangway.server.BindAddress;
import dev.gangway.server.EncodedPaths;
import jakarta.servlet.ServletContainerInitializer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.catalina.Context;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.http.fileupload.FileUtils;

/** Tomcat, in the version that is on the class path. */
final class TomcatConformanceServer implements ConformanceServer {

  private final boolean foreign;
  private AutoCloseable running = () -> {};

  TomcatConformanceServer() {
    this(false);
  }

  private TomcatConformanceServer(boolean foreign) {
    this.foreign = foreign;
  }

  /** A server that is not Gangway's. */
  static ConformanceServer foreign() {
    return new TomcatConformanceServer(true);
  }

  @Override
  public int start(Map<String, GatewayApplication> mounts) throws Exception {
    if (foreign) {
      return start(
          "",
          context ->
              mounts.forEach(
                  (path, application) -> TomcatGateway.mount(context, path, application)));
    }
    TomcatGateway.Builder builder = TomcatGateway.builder().bind("127.0.0.1:0");
    mounts.forEach(builder::mount);
    TomcatGateway gateway = builder.start();
    running = gateway;
    return gateway.port();
  }

  /** Only in a server that is foreign nobody has set WebSockets up. */
  @Override
  public int start(String contextPath, ServletContainerInitializer setup) throws Exception {
    return start(
        contextPath,
        context -> {
          if (!foreign) {
            TomcatWebSockets.enable(context);
          }
          context.addServletContainerInitializer(setup, Set.of());
        });
  }

  private int start(String contextPath, Consumer<Context> setup) throws Exception {
    Path folder = Files.createTempDirectory("gangway-conformance");
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(folder.toString());
    new TomcatConnectors(tomcat, EncodedPaths.ACCEPT).add(BindAddress.parse("127.0.0.1:0"));
    tomcat.setConnector(tomcat.getService().findConnectors()[0]);
    StandardContext context = (StandardContext) tomcat.addContext(contextPath, null);
    setup.accept(context);
    running =
        () -> {
          tomcat.stop();
          tomcat.destroy();
          FileUtils.deleteDirectory(folder.toFile());
        };
    tomcat.start();
    return tomcat.getConnector().getLocalPort();
  }

  @Override
  public void close() throws Exception {
    running.close();
  }
}
