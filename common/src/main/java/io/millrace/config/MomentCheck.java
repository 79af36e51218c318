package io.millrace.config;

import io.millrace.Nearest;
import io.millrace.config.PopulationSpec.Per;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Whether windows and joins fit the sources, and know nothing of the label before its time. */
final class MomentCheck {

  private final PipelineSpec spec;
  private final Faults faults;

  MomentCheck(PipelineSpec spec, Faults faults) {
    this.spec = spec;
    this.faults = faults;
  }

  void check() {
    List<WindowSpec> windows = spec.features().windows();
    for (int i = 0; i < windows.size(); i++) {
      KeyPath at = KeyPath.of("features", "windows", i);
      window(windows.get(i), at);
      leak(windows.get(i), at);
    }
    List<JoinSpec> joins = spec.features().joins();
    for (int i = 0; i < joins.size(); i++) {
      KeyPath at = KeyPath.of("features", "joins", i);
      join(joins.get(i), at);
      leak(joins.get(i), at);
    }
    if (!windows.isEmpty() || joins.stream().anyMatch(join -> join.asOf().isPresent())) {
      population();
    }
  }

  /** The days of a snapshot aren't those of its rows, so no date could say what it reads. */
  private void population() {
    SourceSpec source = spec.sources().get(spec.population().source());
    boolean events = spec.population().per() == Per.EVENT;
    if (events && source != null && source.load() == SourceSpec.Load.SNAPSHOT) {
      faults.add(
          KeyPath.of("population", "source"),
          "events of a snapshot have neither windows nor as-of joins; load "
              + spec.population().source()
              + " by append");
    }
  }

  private void window(WindowSpec window, KeyPath at) {
    if (window.withPresent() && spec.population().per() == Per.ENTITY) {
      faults.add(
          at.then("with-present"),
          "only for population.per event; of an entity all rows of the date count; take it away");
    }
    column(spec.population().source(), window.matches().orElse(window.by()), matches(window, at));
    Optional<SourceSpec> source = source(window.source(), at);
    if (source.isPresent()) {
      appended(window.source(), source.get(), at.then("source"), "a window");
      column(window.source(), window.by(), at.then("by"));
      window.knownAt().ifPresent(c -> column(window.source(), c, at.then("known-at")));
      window.aggregate().keySet().stream()
          .filter(name -> !name.equals("*"))
          .forEach(name -> column(window.source(), name, at.then("aggregate", name)));
    }
  }

  private static KeyPath matches(WindowSpec window, KeyPath at) {
    return at.then(window.matches().isPresent() ? "matches" : "by");
  }

  private void join(JoinSpec join, KeyPath at) {
    join.on().forEach((its, ours) -> column(spec.population().source(), ours, at.then("on", its)));
    Optional<SourceSpec> source = source(join.source(), at);
    if (source.isEmpty()) {
      return;
    }
    join.on().keySet().forEach(its -> column(join.source(), its, at.then("on", its)));
    for (int i = 0; i < join.columns().size(); i++) {
      column(join.source(), join.columns().get(i), at.then("columns", i));
    }
    if (join.asOf().isPresent()) {
      appended(join.source(), source.get(), at.then("as-of"), "as-of");
      Optional<String> time = source.get().time();
      if (time.isPresent() && !time.equals(join.asOf())) {
        String fault = join.asOf().get() + " is not the time of " + join.source();
        faults.add(at.then("as-of"), fault + "; did you mean " + time.get() + "?");
      }
    }
  }

  private Optional<SourceSpec> source(String name, KeyPath at) {
    SourceSpec source = spec.sources().get(name);
    if (source == null) {
      TreeSet<String> known = new TreeSet<>(spec.sources().keySet());
      String mend = Nearest.mend(name, known, "sources");
      faults.add(at.then("source"), "no source " + name + "; " + mend);
    }
    return Optional.ofNullable(source);
  }

  private void appended(String name, SourceSpec source, KeyPath at, String what) {
    if (source.time().isEmpty()) {
      String mend = "; add sources." + name + ".time, the column that says when a row happened";
      faults.add(at, what + " needs a time, and " + name + " has none" + mend);
    } else if (source.load() == SourceSpec.Load.SNAPSHOT) {
      String mend = "; set sources." + name + ".load: append";
      faults.add(at, what + " reads rows by their day, and " + name + " is a snapshot" + mend);
    }
  }

  private void column(String source, String column, KeyPath at) {
    Optional<List<String>> known =
        Optional.ofNullable(spec.sources().get(source)).flatMap(SourceCheck::columns);
    if (known.isPresent() && !known.get().contains(column)) {
      String mend = Nearest.mend(column, known.get(), "columns");
      faults.add(at, source + " has no column " + column + "; " + mend);
    }
  }

  private void leak(WindowSpec window, KeyPath at) {
    if (!window.delay().isZero() || window.knownAt().isPresent()) {
      return;
    }
    for (String label : label(window.source())) {
      if (window.aggregate().containsKey(label)) {
        leak(label, "window", at.then("aggregate", label), "delay (7d) or known-at");
      }
      if (window.where().filter(sql -> SqlWords.reads(sql, label)).isPresent()) {
        leak(label, "window", at.then("where"), "delay (7d) or known-at");
      }
    }
  }

  private void leak(JoinSpec join, KeyPath at) {
    for (int i = 0; i < join.columns().size(); i++) {
      if (join.delay().isZero() && label(join.source()).contains(join.columns().get(i))) {
        leak(join.columns().get(i), "join", at.then("columns", i), "as-of and delay (7d)");
      }
    }
  }

  private void leak(String label, String what, KeyPath at, String keys) {
    faults.add(
        at,
        label
            + " is the label, which isn't known at once; say by "
            + keys
            + " when this "
            + what
            + " may know it");
  }

  /** Columns of a source that hold the label. */
  private List<String> label(String source) {
    List<String> columns = new ArrayList<>();
    if (source.equals(spec.population().source())) {
      columns.addAll(LabelCheck.columns(spec));
    }
    if (spec.label().orElse(null) instanceof LabelSpec.Source label
        && label.source().equals(source)
        && !columns.contains(label.column())) {
      columns.add(label.column());
    }
    return columns;
  }
}
