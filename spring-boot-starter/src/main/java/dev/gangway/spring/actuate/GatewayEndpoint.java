package dev.gangway.spring.actuate;

import dev.gangway.python.PythonApplication;
import dev.gangway.python.PythonStartException;
import dev.gangway.spring.GatewayMounts;
import dev.gangway.spring.PythonMount;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * The actuator endpoint {@code gangway}: what the mounted Python applications are doing, and their
 * reload.
 */
@Endpoint(id = "gangway")
public class GatewayEndpoint {

  private final GatewayMounts mounts;

  /**
   * An endpoint.
   *
   * @param mounts whose Python applications are shown
   */
  public GatewayEndpoint(GatewayMounts mounts) {
    this.mounts = mounts;
  }

  /**
   * All mounts.
   *
   * @return JSON: {@code mounts} by name
   */
  @ReadOperation
  public Map<String, Object> mounts() {
    Map<String, Object> all = new LinkedHashMap<>();
    mounts.python().forEach(mount -> all.put(mount.name(), MountDescriptor.of(mount)));
    return Map.of("mounts", all);
  }

  /**
   * One mount.
   *
   * @param mount its name
   * @return JSON, or null if there is no such mount
   */
  @ReadOperation
  public @Nullable Object mount(@Selector String mount) {
    PythonMount found = find(mount);
    return found == null ? null : MountDescriptor.of(found);
  }

  /**
   * Replaces the workers of a mount, see {@link PythonApplication#reload}.
   *
   * @param mount its name
   * @return JSON: {@code outcome}, and {@code error} with the Python traceback if it failed
   */
  @WriteOperation
  public Reload reload(@Selector String mount) {
    PythonMount found = find(mount);
    if (found == null) {
      return new Reload(
          Reload.Outcome.UNKNOWN,
          "There is no mount of that name; the mounts are "
              + mounts.python().stream().map(PythonMount::name).toList());
    }
    PythonApplication application = found.application();
    if (application == null) {
      return new Reload(Reload.Outcome.STOPPED, "The application does not run");
    }
    try {
      application.reload();
      return new Reload(Reload.Outcome.RELOADED, null);
    } catch (PythonStartException e) {
      return new Reload(
          Reload.Outcome.FAILED,
          "The old workers stay, because no new ones start: " + e.getMessage());
    }
  }

  private @Nullable PythonMount find(String name) {
    return mounts.python().stream()
        .filter(mount -> mount.name().equals(name))
        .findFirst()
        .orElse(null);
  }
}
