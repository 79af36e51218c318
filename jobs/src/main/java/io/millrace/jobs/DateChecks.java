package io.millrace.jobs;

import io.millrace.config.PipelineSpec;
import io.millrace.config.ReleaseSpec.Finding;
import io.millrace.table.PinnedTable;
import io.millrace.table.SmallTable;
import io.millrace.validate.CheckResult;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Verdicts of the present checks on the slices that raw holds now of what came in at a date: not
 * those of a check that was edited since, nor on a file that another one has taken the place of.
 */
record DateChecks(Work work, LocalDate date) {

  /** Whether they can keep a date back; where not, nothing of them is read or hashed. */
  static boolean areAsked(PipelineSpec spec) {
    return spec.release().holdWhen().contains(Finding.CHECK_WARN);
  }

  /** The validations that are done, each judged once; none where they aren't asked. */
  Set<String> validations() {
    Set<String> ids = new TreeSet<>();
    if (areAsked(work.spec())) {
      SmallTable checks = new SmallTable(work.lake(), ResultTables.checks());
      work.spec().validate().keySet().forEach(source -> ids.addAll(of(source)));
      ids.removeIf(id -> !checks.holds(id));
    }
    return ids;
  }

  private Set<String> of(String source) {
    Set<String> ids = new TreeSet<>();
    Optional<PinnedTable> raw = work.lake().latest("raw/" + source);
    raw.map(table -> new Validated(work, source, table))
        .ifPresent(v -> v.of(date).stream().map(v::whole).forEach(ids::add));
    return ids;
  }

  /** What these found; a pipeline that shares source and checks may have written it. */
  List<CheckResult> verdicts(Set<String> validations) {
    if (validations.isEmpty()) {
      return List.of();
    }
    SmallTable checks = new SmallTable(work.lake(), ResultTables.checks());
    List<Map<String, Object>> ours = of(validations, checks.rows(work.name()));
    Set<Object> found = new HashSet<>();
    ours.forEach(row -> found.add(row.get("run_id")));
    List<Map<String, Object>> all =
        found.containsAll(validations) ? ours : of(validations, checks.rows());
    return all.stream().map(CheckResult::of).toList();
  }

  private static List<Map<String, Object>> of(Set<String> ids, List<Map<String, Object>> rows) {
    return rows.stream().filter(row -> ids.contains((String) row.get("run_id"))).toList();
  }
}
