package io.millrace.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When to train again: {@code 3 of last 5 dates over warn}.
 *
 * @param dates so many dates over the limit ask for it
 * @param last of so many dates, the present one among them
 * @param over the limit
 */
public record RetrainRule(int dates, int last, Limit over) {

  /** What it looks like, for people. */
  static final String FORM = "3 of last 5 dates over warn";

  private static final Pattern RULE =
      Pattern.compile(" *([0-9]{1,4}) +of +last +([0-9]{1,4}) +dates? +over +(warn|stop) *");

  /** One of the two limits of drift. */
  public enum Limit {
    WARN,
    STOP
  }

  /** The rule that a text says; empty where it is none. */
  public static Optional<RetrainRule> parse(String text) {
    Matcher rule = RULE.matcher(text);
    if (!rule.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new RetrainRule(
            Integer.parseInt(rule.group(1)),
            Integer.parseInt(rule.group(2)),
            rule.group(3).equals("warn") ? Limit.WARN : Limit.STOP));
  }

  /** The rule as a spec says it. */
  @Override
  public String toString() {
    return dates + " of last " + last + " dates over " + Words.kebab(over.name());
  }
}
