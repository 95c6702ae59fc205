package dev.gangway.servlet;

/** The request is answered with 400 and never reaches the application. */
final class BadRequestException extends Exception {

  private static final long serialVersionUID = 1;

  BadRequestException(String message) {
    super(message, null, false, false);
  }
}
