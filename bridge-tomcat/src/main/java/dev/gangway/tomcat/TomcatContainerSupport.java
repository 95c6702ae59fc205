package dev.gangway.tomcat;

import dev.gangway.servlet.ContainerSupport;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.RequestFacade;
import org.apache.coyote.ActionCode;

/** Breaks responses off in Tomcat, embedded or around a web application. */
public final class TomcatContainerSupport implements ContainerSupport {

  /** Tomcat has no public way from what a servlet gets to its own request. */
  private static final VarHandle REQUEST = request();

  /** For the {@link java.util.ServiceLoader}. */
  public TomcatContainerSupport() {}

  private static VarHandle request() {
    try {
      return MethodHandles.privateLookupIn(RequestFacade.class, MethodHandles.lookup())
          .findVarHandle(RequestFacade.class, "request", Request.class);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("This version of Tomcat is not known", e);
    }
  }

  @Override
  public boolean supports(HttpServletRequest request) {
    return unwrap(request) instanceof RequestFacade;
  }

  @Override
  public void abort(HttpServletRequest request, HttpServletResponse response, Throwable cause) {
    if (!(unwrap(request) instanceof RequestFacade facade)) {
      throw new IllegalArgumentException(request.getClass().getName() + " is not of Tomcat");
    }
    Request tomcat = (Request) REQUEST.get(facade);
    if (tomcat != null) {
      tomcat.getCoyoteRequest().action(ActionCode.CLOSE_NOW, cause);
    }
  }

  private static ServletRequest unwrap(ServletRequest request) {
    ServletRequest inner = request;
    while (inner instanceof ServletRequestWrapper wrapper) {
      inner = wrapper.getRequest();
    }
    return inner;
  }
}
