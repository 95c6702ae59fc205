package dev.gangway.lint;

import java.io.FilterWriter;
import java.io.PrintWriter;

/** The rule of {@code wsgi.errors}. */
final class LintedErrors extends FilterWriter {

  private LintedErrors(PrintWriter errors) {
    super(errors);
  }

  static PrintWriter around(PrintWriter errors) {
    return new PrintWriter(new LintedErrors(errors));
  }

  @Override
  public void close() {
    throw Rule.ERRORS.broken("It was closed.");
  }
}
