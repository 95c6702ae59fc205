package dev.gangway.asgi;

/** An application does not serve connections of this kind (ASGI 3.0, "Applications"). */
public final class UnsupportedScopeException extends Exception {

  private static final long serialVersionUID = 1;

  /**
   * An exception.
   *
   * @param scope of a kind that the application does not know
   */
  public UnsupportedScopeException(Scope scope) {
    super("The application does not serve connections of the type \"" + scope.type() + "\"");
  }
}
