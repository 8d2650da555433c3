package dev.castalia.scoring.template;

/**
 * A piece of a template.
 *
 * @param text as it is written; of a TEXT what is put out, of a STRING its value
 * @param line from 1
 */
record Token(Kind kind, String text, int line) {

  enum Kind {
    TEXT,
    OUTPUT_BEGIN,
    OUTPUT_END,
    BLOCK_BEGIN,
    BLOCK_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  boolean is(String operator) {
    return kind == Kind.OPERATOR && text.equals(operator);
  }

  boolean isName(String name) {
    return kind == Kind.NAME && text.equals(name);
  }

  /** For errors. */
  @Override
  public String toString() {
    return kind == Kind.END ? "the template's end" : "'" + text + "' in line " + line;
  }
}
