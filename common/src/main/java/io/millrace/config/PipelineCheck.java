package io.millrace.config;

import io.millrace.Nearest;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Whether the parts of a pipeline fit each other, as far as that can be told without data. */
final class PipelineCheck {

  /** Columns that the tables of an entity have anyway. */
  private static final Set<String> RESERVED =
      Set.of("date", "run_id", "label", "label_text", "label_time", "known_at");

  private final PipelineSpec spec;
  private final Faults faults;

  private PipelineCheck(PipelineSpec spec, Faults faults) {
    this.spec = spec;
    this.faults = faults;
  }

  /** Adds the faults of a pipeline whose records are each right for themselves. */
  static void check(PipelineSpec spec, Faults faults) {
    PipelineCheck check = new PipelineCheck(spec, faults);
    check.names();
    check.sources();
    check.entity();
    check.label();
    check.expressionsOfLabel();
    check.columns();
    check.time();
    check.periods();
    check.conflict();
    new ValidateCheck(spec, faults).check();
    new MomentCheck(spec, faults).check();
    new ModelCheck(spec, faults).check();
    new MonitorCheck(faults).pipeline(spec);
    ScheduleCheck.pipeline(spec, faults);
  }

  private void names() {
    if (!spec.pipeline().matches("[a-z][a-z0-9-]{0,89}")) {
      String fault = "a name that can't name tables: " + spec.pipeline();
      faults.add(
          KeyPath.of("pipeline"),
          fault + "; use a to z, digits and hyphens, a letter first, at most 90 characters");
    }
    if (spec.sources().isEmpty()) {
      faults.add(KeyPath.of("sources"), "empty; a pipeline reads at least one source");
    }
    for (String name : spec.sources().keySet()) {
      if (!name.matches("[A-Za-z][A-Za-z0-9_-]*")) {
        faults.add(
            KeyPath.of("sources", name),
            "a name that can't name a table; use letters, digits, _ and -, a letter first");
      }
    }
  }

  private void sources() {
    source(spec.population().source(), KeyPath.of("population", "source"));
    if (spec.label().orElse(null) instanceof LabelSpec.Source label) {
      source(label.source(), KeyPath.of("label", "source"));
    }
  }

  private void source(String name, KeyPath at) {
    Set<String> known = new TreeSet<>(spec.sources().keySet());
    if (!known.contains(name)) {
      faults.add(at, "no source " + name + "; " + Nearest.mend(name, known, "sources"));
    }
  }

  private Optional<SourceSpec> population() {
    return Optional.ofNullable(spec.sources().get(spec.population().source()));
  }

  private void entity() {
    RecordChecks.unique(spec.entity(), KeyPath.of("entity"), faults);
    List<String> key = population().map(SourceSpec::key).orElse(List.of());
    for (int i = 0; i < spec.entity().size(); i++) {
      String column = spec.entity().get(i);
      KeyPath at = KeyPath.of("entity", i);
      if (!key.isEmpty() && !column.isBlank() && !key.contains(column)) {
        String source = spec.population().source();
        String mend = Nearest.mend(column, key, "key columns");
        faults.add(at, column + " is not in the key of " + source + "; " + mend);
      }
      if (RESERVED.contains(column) || column.startsWith("_")) {
        faults.add(
            at, "the tables have a column " + column + " of their own; rename it in the files");
      }
    }
    if (spec.entity().isEmpty() && spec.label().orElse(null) instanceof LabelSpec.Source) {
      faults.add(
          KeyPath.of("entity"), "empty, but the label is joined by it; name the columns of both");
    }
  }

  private void label() {
    List<String> label = LabelCheck.columns(spec);
    FeaturesSpec features = spec.features();
    for (int i = 0; i < features.columns().size(); i++) {
      if (label.contains(features.columns().get(i))) {
        leak(features.columns().get(i), KeyPath.of("features", "columns", i));
      }
    }
    for (String column : features.dateParts().keySet()) {
      if (label.contains(column)) {
        leak(column, KeyPath.of("features", "date-parts", column));
      }
    }
    for (int i = 0; i < spec.entity().size(); i++) {
      if (label.contains(spec.entity().get(i))) {
        faults.add(
            KeyPath.of("entity", i),
            spec.entity().get(i) + " is the label, which can't identify a row; take it away");
      }
    }
  }

  private void expressionsOfLabel() {
    List<String> label = LabelCheck.columns(spec);
    spec.features()
        .expressions()
        .forEach(
            (name, sql) ->
                label.stream()
                    .filter(column -> SqlWords.reads(sql, column))
                    .forEach(column -> leak(column, KeyPath.of("features", "expressions", name))));
  }

  private void leak(String column, KeyPath at) {
    faults.add(at, column + " is the label, which no feature may know; take it away");
  }

  private void time() {
    boolean timed = population().map(s -> s.time().isPresent()).orElse(true);
    String source = spec.population().source();
    String mend = "; add sources." + source + ".time, the column that says when a row happened";
    if (spec.population().per() == PopulationSpec.Per.EVENT && !timed) {
      faults.add(
          KeyPath.of("population", "per"),
          "event needs a time, and " + source + " has none" + mend);
    }
    boolean oneMoment =
        spec.population().per() == PopulationSpec.Per.ENTITY
            && !timed
            && spec.train().flatMap(TrainSpec::history).orElse(1) == 1;
    if (spec.split() instanceof SplitSpec.ByTime && oneMoment) {
      faults.add(
          KeyPath.of("split", "kind"),
          "by-time, but all rows are of one moment; use by-hash, or more dates by train.history");
    }
  }

  private void periods() {
    if (!(spec.split() instanceof SplitSpec.ByPeriod split)) {
      return;
    }
    if (spec.population().per() == PopulationSpec.Per.ENTITY) {
      faults.add(
          KeyPath.of("split", "kind"),
          "by-period, but rows per entity are of one date; use by-hash, or per: event");
    }
    if (spec.train().flatMap(TrainSpec::history).isPresent()) {
      faults.add(
          KeyPath.of("train", "history"), "split.train says already which days train; keep one");
    }
    Duration after = spec.label().map(LabelSpec::after).orElse(Duration.ZERO);
    LocalDate shown = split.train().to().plusDays(1).plusDays(after.toDays());
    if (split.test().from().isAfter(split.train().to()) && split.test().from().isBefore(shown)) {
      faults.add(
          KeyPath.of("split", "test", "from"),
          "the labels of the days that train show only on " + shown + "; test from then on");
    }
  }

  /** The first and the last answer need a time that says which is which. */
  private void conflict() {
    if (spec.label().orElse(null) instanceof LabelSpec.Source label
        && List.of(LabelSpec.Conflict.FIRST, LabelSpec.Conflict.LAST).contains(label.conflict())
        && spec.sources().containsKey(label.source())
        && spec.sources().get(label.source()).time().isEmpty()) {
      faults.add(
          KeyPath.of("label", "conflict"),
          Words.kebab(label.conflict().name())
              + " goes by time, and "
              + label.source()
              + " has none; add sources."
              + label.source()
              + ".time");
    }
  }

  /** Where the spec says all columns of the population's source, each name must be one of them. */
  private void columns() {
    Optional<List<String>> known = population().flatMap(SourceCheck::columns);
    if (known.isEmpty()) {
      return;
    }
    List<KeyPath> at = new ArrayList<>();
    List<String> names = new ArrayList<>();
    list(spec.entity(), at, names, "entity");
    list(spec.features().columns(), at, names, "features", "columns");
    list(spec.features().exclude(), at, names, "features", "exclude");
    list(spec.evaluate().slices(), at, names, "evaluate", "slices");
    for (String column : spec.features().dateParts().keySet()) {
      at.add(KeyPath.of("features", "date-parts", column));
      names.add(column);
    }
    for (Map.Entry<String, String> kept : spec.keptColumns().entrySet()) {
      if (!kept.getValue().equals("evaluate.slices")) {
        at.add(KeyPath.of((Object[]) kept.getValue().split("\\.")));
        names.add(kept.getKey());
      }
    }
    if (!(spec.label().orElse(null) instanceof LabelSpec.Expression)) {
      LabelCheck.columns(spec).forEach(names::add);
      LabelCheck.columns(spec).forEach(c -> at.add(KeyPath.of("label", "column")));
    }
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (!known.get().contains(name) && !isMade(at.get(i), name)) {
        faults.add(
            at.get(i), "no column " + name + "; " + Nearest.mend(name, known.get(), "columns"));
      }
    }
  }

  /** Slices may be of any feature; windows and joins make columns that can be taken apart. */
  private boolean isMade(KeyPath at, String name) {
    boolean slice = at.segments().contains("slices") || at.segments().contains("top");
    boolean made =
        slice || at.segments().contains("exclude") || at.segments().contains("date-parts");
    return slice && spec.features().expressions().containsKey(name)
        || made && spec.features().made().contains(name);
  }

  private static void list(
      List<String> list, List<KeyPath> at, List<String> names, Object... path) {
    for (int i = 0; i < list.size(); i++) {
      at.add(KeyPath.of(path).then(i));
      names.add(list.get(i));
    }
  }
}
