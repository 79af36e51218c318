package io.millrace.validate;

import io.millrace.config.CheckSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns what scans found into verdicts. */
final class Verdicts {

  private final List<CheckSpec> checks;
  private final ValidateContext context;
  private final Map<String, GroupState> measured;
  private final SliceChecks sliceChecks;
  private final LikeTraining likeTraining;
  private final Map<String, Map<String, Profile>> profiles = new LinkedHashMap<>();

  /**
   * Verdicts on slices.
   *
   * @param found profiles of the slices
   * @param measured states that measured, by slice
   */
  Verdicts(
      List<CheckSpec> checks,
      ValidateContext context,
      List<Profile> found,
      Map<String, GroupState> measured) {
    this.checks = checks;
    this.context = context;
    this.measured = measured;
    context.slices().forEach(slice -> profiles.put(slice.runId(), new LinkedHashMap<>()));
    for (Profile profile : found) {
      if (profile.sliceColumn().isEmpty()) {
        profiles.get(profile.sliceRunId()).put(profile.column(), profile);
      }
    }
    sliceChecks = new SliceChecks(context, new History(context, found, rows()));
    likeTraining = new LikeTraining(context.training());
  }

  private Map<String, Long> rows() {
    Map<String, Long> rows = new LinkedHashMap<>();
    measured.forEach((runId, group) -> rows.put(runId, group.rows()));
    return rows;
  }

  /** Verdicts by slice, then by check. */
  List<CheckResult> of(ScanPlan plan, Map<String, GroupState> judged) {
    List<String> names = CheckNames.of(checks, context.time());
    List<CheckResult> results = new ArrayList<>();
    for (Slice slice : context.slices()) {
      for (int i = 0; i < checks.size(); i++) {
        CheckSpec check = checks.get(i);
        if (check instanceof CheckSpec.LikeTraining like) {
          Map<String, Profile> columns = profiles.get(slice.runId());
          String name = names.get(i);
          likeTraining
              .of(like, columns)
              .forEach((c, f) -> results.add(result(slice, like, column(name, c), c, f)));
        } else {
          String columns = CheckNames.columns(check, context.time());
          Finding finding = finding(i, slice, plan, judged.get(slice.runId()));
          results.add(result(slice, check, names.get(i), columns, finding));
        }
      }
    }
    return results;
  }

  /** {@code like-training(age)} of {@code like-training} or {@code like-training(age, job)}. */
  private static String column(String name, String column) {
    String number = name.contains("#") ? name.substring(name.lastIndexOf('#')) : "";
    return "like-training(" + column + ")" + number;
  }

  private CheckResult result(
      Slice slice, CheckSpec check, String name, String column, Finding finding) {
    return new CheckResult(
        context.source(),
        slice.runId(),
        name,
        column,
        check.onFail(),
        finding.passed(),
        finding.value(),
        finding.expected(),
        measured.get(slice.runId()).rows(),
        finding.broken(),
        finding.message());
  }

  private Finding finding(int index, Slice slice, ScanPlan plan, GroupState judged) {
    CheckSpec check = checks.get(index);
    Map<String, Profile> columns = profiles.get(slice.runId());
    long rows = judged.rows();
    if (check instanceof CheckSpec.RowCount c) {
      return SliceChecks.rowCount(c, rows);
    } else if (check instanceof CheckSpec.Fresh c) {
      return sliceChecks.fresh(c, slice, columns);
    } else if (check instanceof CheckSpec.LikeBefore c) {
      return sliceChecks.likeBefore(c, slice, columns, rows);
    }
    for (int r = 0; r < plan.rules().size(); r++) {
      if (plan.rules().get(r).index() == index) {
        List<ValueCount> most = judged.offenders(r).most(RowFindings.SHOWN);
        return RowFindings.of(check, rows, judged.broken(r), most, columns);
      }
    }
    // no rule: the first scan cleared it
    return RowFindings.of(check, rows, 0, List.of(), columns);
  }
}
