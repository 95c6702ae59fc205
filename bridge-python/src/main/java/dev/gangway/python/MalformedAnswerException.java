package dev.gangway.python;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A worker answered with what no worker of ours sends: it is broken, or hostile. */
final class MalformedAnswerException extends IOException {

  private static final long serialVersionUID = 1;

  MalformedAnswerException(String message) {
    super(message);
  }

  MalformedAnswerException(@Nullable String message, Throwable cause) {
    super(message, cause);
  }
}
