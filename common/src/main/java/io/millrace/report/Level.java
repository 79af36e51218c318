package io.millrace.report;

/** How bad something is; told by a word and a shape too, never by colour alone. */
public enum Level {
  /** As it should be. */
  OK("ok", "●"),
  /** Worth a look. */
  WARN("warn", "▲"),
  /** Stops something. */
  STOP("stop", "■"),
  /** Nobody has judged. */
  NONE("none", "○");

  private final String word;
  private final String sign;

  Level(String word, String sign) {
    this.word = word;
    this.sign = sign;
  }

  /** The word: {@code ok}, {@code warn}, {@code stop}, {@code none}. */
  public String word() {
    return word;
  }

  /** Its shape, one character. */
  public String sign() {
    return sign;
  }

  /** The worse of the two; anything is worse than {@link #NONE}. */
  Level or(Level other) {
    if (this == NONE || other == NONE) {
      return this == NONE ? other : this;
    }
    return compareTo(other) >= 0 ? this : other;
  }
}
