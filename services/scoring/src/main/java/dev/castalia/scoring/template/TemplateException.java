package dev.castalia.scoring.template;

import java.io.Serial;

/** What a template says cannot be read or done; says neither which template nor where it is. */
final class TemplateException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  TemplateException(String message) {
    super(message);
  }

  /** What Python's jinja2 can do and these templates cannot. */
  static TemplateException unsupported(String construct) {
    return new TemplateException(
        construct + " is not supported in Castalia's templates; write it another way");
  }
}
