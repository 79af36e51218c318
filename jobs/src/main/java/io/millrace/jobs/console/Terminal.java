package io.millrace.jobs.console;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the two output streams are connected to.
 *
 * @param columns width of the terminal behind standard output; empty where there is none
 * @param live whether standard error is a terminal, on which a line may be redrawn
 * @param colour whether escape codes for colours may be written
 */
public record Terminal(OptionalInt columns, boolean live, boolean colour) {

  /** No terminal at all: a log, a pipe, a scheduler. */
  public static final Terminal NONE = new Terminal(OptionalInt.empty(), false, false);

  private static final int USUAL_COLUMNS = 80;

  /**
   * Reads what the launcher found out ({@code millrace.out.columns}, {@code millrace.err.columns});
   * without the launcher there is no terminal. {@code NO_COLOR} and {@code TERM=dumb} turn colours
   * off, the latter redrawing as well.
   */
  public static Terminal detect(Map<String, String> environment) {
    String out = System.getProperty("millrace.out.columns");
    String err = System.getProperty("millrace.err.columns");
    boolean dumb = "dumb".equals(environment.get("TERM"));
    boolean plain = dumb || !Optional.ofNullable(environment.get("NO_COLOR")).orElse("").isEmpty();
    OptionalInt columns = columns(out);
    return new Terminal(columns, columns(err).isPresent() && !dumb, columns.isPresent() && !plain);
  }

  /** Whether a person looks at standard output. */
  public boolean interactive() {
    return columns.isPresent();
  }

  private static OptionalInt columns(String text) {
    if (text == null || text.equals("none")) {
      return OptionalInt.empty();
    }
    try {
      int columns = Integer.parseInt(text);
      return OptionalInt.of(columns > 0 ? columns : USUAL_COLUMNS);
    } catch (NumberFormatException e) {
      return OptionalInt.of(USUAL_COLUMNS);
    }
  }
}
