package io.millrace.validate;

import static org.apache.spark.sql.functions.broadcast;

import io.millrace.Nearest;
import io.millrace.SpecException;
import io.millrace.config.CheckSpec;
import io.millrace.table.Columns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** One validation, from rows to verdicts. */
final class Validation {

  /** Keys of another source up to which they are sent to all tasks. */
  private static final int BROADCAST_KEYS = 100_000;

  private final Dataset<Row> rows;
  private final List<CheckSpec> checks;
  private final ValidateContext context;
  private final StructType measured;

  Validation(Dataset<Row> rows, List<CheckSpec> checks, ValidateContext context) {
    this.rows = rows;
    this.checks = List.copyOf(checks);
    this.context = context;
    this.measured = Profiler.measured(rows.schema());
  }

  ValidateResult run() {
    LateRows known = marked();
    Judging.Scan first = Judging.first(known, measured, checks, context);
    ScanState found = ScanState.scan(first.rows(), first.plan());
    Map<String, GroupState> groups = complete(found.groups(), first.plan());
    List<Profile> profiles = profiles(groups);
    LateRows suspected = suspected(known, first.plan(), groups);
    Judging.Scan last = first;
    ScanState judged = found;
    if (!suspected.columns().equals(known.columns())) {
      last = Judging.second(suspected, measured, checks, context);
      judged = ScanState.scan(last.rows(), last.plan());
    }
    Verdicts verdicts = new Verdicts(checks, context, profiles, groups);
    return new ValidateResult(
        profiles,
        verdicts.of(last.plan(), complete(judged.groups(), last.plan())),
        BrokenRow.dataset(judged.broken(), last),
        judged.broken().count(),
        notes(groups.values()));
  }

  /** A slice without rows is one too. */
  private Map<String, GroupState> complete(Map<String, GroupState> found, ScanPlan plan) {
    Map<String, GroupState> complete = new LinkedHashMap<>();
    for (Slice slice : context.slices()) {
      GroupState state = found.get(slice.runId());
      complete.put(slice.runId(), state == null ? new GroupState(plan) : state);
    }
    for (String runId : found.keySet()) {
      if (!complete.containsKey(runId)) {
        throw new IllegalArgumentException("rows of a slice that isn't to be judged: " + runId);
      }
    }
    return complete;
  }

  private List<Profile> profiles(Map<String, GroupState> groups) {
    List<Profile> profiles = new ArrayList<>();
    for (Slice slice : context.slices()) {
      profiles.addAll(
          Profiler.profiles(
              context.table(), slice, measured, context.sliceColumns(), groups.get(slice.runId())));
    }
    return profiles;
  }

  private List<String> notes(Collection<GroupState> groups) {
    List<String> notes = new ArrayList<>();
    for (int i = 0; i < context.sliceColumns().size(); i++) {
      int slice = i;
      if (groups.stream().anyMatch(group -> group.isTooMany(slice))) {
        notes.add(
            "%s: %s has more than %d values in a slice, so that no column is measured by it there"
                .formatted(
                    context.table(), context.sliceColumns().get(i), GroupState.MOST_SLICE_VALUES));
      }
    }
    return notes;
  }

  /** The rows with what other sources say of them. */
  private LateRows marked() {
    LateRows marked = LateRows.of(rows);
    for (int i = 0; i < checks.size(); i++) {
      if (checks.get(i) instanceof CheckSpec.ExistsIn check) {
        new ScanColumns(measured).cells(check.columns(), context.place(i) + ".columns");
        marked = marked.brokenUnlessIn(i, check.columns(), known(check, context.place(i)));
      }
    }
    return marked;
  }

  private Dataset<Row> known(CheckSpec.ExistsIn check, String place) {
    Dataset<Row> other = context.sources().get(check.source());
    if (other == null) {
      throw new IllegalArgumentException("no rows were given of the source " + check.source());
    }
    List<String> names = check.references().isEmpty() ? check.columns() : check.references();
    List<String> columns = Arrays.asList(other.columns());
    for (String name : names) {
      if (!columns.contains(name)) {
        throw new SpecException(
            "%s.references: %s has no column %s; %s"
                .formatted(place, check.source(), name, Nearest.mend(name, columns, "columns")));
      }
    }
    Dataset<Row> keys =
        other.select(names.stream().map(Columns::named).toArray(Column[]::new)).distinct();
    List<Row> some = keys.takeAsList(BROADCAST_KEYS + 1);
    return some.size() > BROADCAST_KEYS
        ? keys
        : broadcast(rows.sparkSession().createDataFrame(some, keys.schema()));
  }

  /** The rows with what the first scan suspects. */
  private LateRows suspected(LateRows known, ScanPlan plan, Map<String, GroupState> groups) {
    LateRows marked = Suspects.mark(known, checks, plan, groups);
    for (int i = 0; i < checks.size(); i++) {
      if (checks.get(i) instanceof CheckSpec.NoOutliers check) {
        String place = context.place(i);
        int position = new ScanColumns(measured).cell(check.column(), place + ".column").position();
        Map<String, NumberMeasures> slices = new LinkedHashMap<>();
        groups.forEach(
            (runId, group) ->
                slices.put(
                    runId, Fences.numbers(group.measures().get(position), check.column(), place)));
        marked = Fences.mark(marked, i, check, slices);
      }
    }
    return marked;
  }
}
