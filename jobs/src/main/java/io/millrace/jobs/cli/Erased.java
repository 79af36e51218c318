package io.millrace.jobs.cli;

import java.util.List;

/**
 * Who is to be erased, and how.
 *
 * @param subject {@code COLUMN=VALUE}, one per column of the key
 * @param reason why, for the receipt; empty for none
 * @param except tables in which the columns mean something else
 * @param dryRun whether the plan is only shown
 * @param yes whether nobody is asked
 */
public record Erased(
    List<String> subject,
    String reason,
    List<String> except,
    List<String> mention,
    boolean dryRun,
    boolean yes,
    Place place) {

  public Erased {
    subject = List.copyOf(subject);
    except = List.copyOf(except);
    mention = List.copyOf(mention);
  }

  /** Without the person: records end up in logs. */
  @Override
  public String toString() {
    return "Erased[" + place + "]";
  }
}
