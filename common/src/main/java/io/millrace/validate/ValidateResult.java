package io.millrace.validate;

import io.millrace.config.CheckSpec.OnFail;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a validation found.
 *
 * @param profiles by slice, of each column over all rows, then by the values of slice columns
 * @param results by slice, the checks in the order of the spec
 * @param broken the rows that break a check whose failure is quarantine, with all checks that they
 *     break: {@code run_id, _row_id, rules array<string>, row string (JSON)}; in memory while they
 *     are at most {@value Validator#CARRIED}, else found by another pass when they are used
 * @param brokenRows how many rows these are
 * @param notes what a person should hear of, one line each
 */
public record ValidateResult(
    List<Profile> profiles,
    List<CheckResult> results,
    Dataset<Row> broken,
    long brokenRows,
    List<String> notes) {

  public ValidateResult {
    profiles = List.copyOf(profiles);
    results = List.copyOf(results);
    notes = List.copyOf(notes);
  }

  /** Failed checks that let nothing go on. */
  public List<CheckResult> stops() {
    return results.stream().filter(r -> !r.passed() && r.onFail() == OnFail.STOP).toList();
  }
}
