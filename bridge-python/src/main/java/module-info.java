/** Hosts Python WSGI applications in supervised worker processes. */
@org.jspecify.annotations.NullMarked
module dev.gangway.python {
  requires java.management;
  requires transitive dev.gangway;
  requires static jakarta.servlet;
  requires static transitive org.jspecify;

  exports dev.gangway.python;
}
