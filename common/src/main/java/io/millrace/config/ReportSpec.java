package io.millrace.config;

import java.util.List;

/** What the pages show. */
@Doc("What the pages of a report show.")
public record ReportSpec(
    @Doc("Rows of quarantine that stand as samples under each rule.")
        @Default("5")
        @Within("[0, 100]")
        int sampleRows,
    @Doc("Columns whose values no page may show.") @Default("[]") List<String> hide) {

  public ReportSpec {
    hide = List.copyOf(hide);
  }
}
