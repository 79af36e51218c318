package io.millrace.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What can be wrong within the features. */
final class FeaturesCheck {

  /** Columns that the features table has anyway. */
  private static final Set<String> RESERVED = Set.of("date", "run_id", "_time", "_file");

  private final Faults faults;
  private final KeyPath path;

  FeaturesCheck(Faults faults, KeyPath path) {
    this.faults = faults;
    this.path = path;
  }

  void check(FeaturesSpec features) {
    RecordChecks.unique(features.columns(), path.then("columns"), faults);
    RecordChecks.unique(features.exclude(), path.then("exclude"), faults);
    features.expressions().forEach(this::expression);
    features
        .dateParts()
        .forEach((column, parts) -> dateParts(path.then("date-parts", column), parts));
    excluded(features);
    twice(features);
  }

  private void expression(String name, String sql) {
    KeyPath at = path.then("expressions", name);
    SqlWords.fault(sql).ifPresent(fault -> faults.add(at, fault));
    if (name.isBlank() || name.matches("(?s).*[ ,;{}()\\n\\t=].*")) {
      faults.add(at, "a name that Delta can't store; use letters, digits and _");
    }
  }

  private void dateParts(KeyPath at, List<FeaturesSpec.DatePart> parts) {
    if (parts.isEmpty()) {
      faults.add(at, "no part; name some of " + words());
    }
    if (new HashSet<>(parts).size() < parts.size()) {
      faults.add(at, "a part stands in the list twice; keep one");
    }
  }

  private static String words() {
    return String.join(", ", Words.of(FeaturesSpec.DatePart.class).toList());
  }

  private void excluded(FeaturesSpec features) {
    for (int i = 0; i < features.exclude().size(); i++) {
      String column = features.exclude().get(i);
      if (features.columns().contains(column)) {
        faults.add(
            path.then("exclude", i), column + " is both in columns and in exclude; keep one");
      }
      if (features.dateParts().containsKey(column)) {
        String fault = "has date-parts, which are features; take one of them away";
        faults.add(path.then("exclude", i), column + " " + fault);
      }
    }
  }

  private void twice(FeaturesSpec features) {
    Map<String, KeyPath> seen = new HashMap<>();
    for (Named named : named(features)) {
      String folded = named.name().toLowerCase(Locale.ROOT);
      KeyPath other = seen.putIfAbsent(folded, named.at());
      if (other != null) {
        String fault = "the feature " + named.name() + " is also made at " + other;
        faults.add(named.at(), fault + "; rename one");
      }
      if (RESERVED.contains(folded)) {
        String fault = "the table has a column " + named.name() + " of its own; use another name";
        faults.add(named.at(), fault);
      }
    }
  }

  /** A feature's name and where it gets it. */
  private record Named(KeyPath at, String name) {}

  /** Where each feature gets its name, less what a list says twice. */
  private List<Named> named(FeaturesSpec features) {
    List<Named> named = new ArrayList<>();
    list(named, path.then("columns"), features.columns());
    for (int i = 0; i < features.windows().size(); i++) {
      made(named, path.then("windows", i), features.windows().get(i).features());
    }
    for (int i = 0; i < features.joins().size(); i++) {
      made(named, path.then("joins", i), features.joins().get(i).features());
    }
    features
        .expressions()
        .keySet()
        .forEach(name -> named.add(new Named(path.then("expressions", name), name)));
    features
        .dateParts()
        .forEach(
            (column, parts) ->
                list(
                    named,
                    path.then("date-parts", column),
                    parts.stream().map(part -> partName(column, part)).toList()));
    return named;
  }

  private static void list(List<Named> named, KeyPath at, List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      if (names.indexOf(names.get(i)) == i) {
        named.add(new Named(at.then(i), names.get(i)));
      }
    }
  }

  private static void made(List<Named> named, KeyPath at, List<String> names) {
    names.stream().distinct().forEach(name -> named.add(new Named(at, name)));
  }

  private static String partName(String column, FeaturesSpec.DatePart part) {
    return column + "_" + Words.kebab(part.name());
  }

  /** The names of all features; only complete where columns are listed. */
  static List<String> names(FeaturesSpec features) {
    List<String> names = new ArrayList<>(features.columns());
    names.addAll(features.made());
    names.addAll(features.expressions().keySet());
    features
        .dateParts()
        .forEach((column, parts) -> parts.forEach(p -> names.add(partName(column, p))));
    return names;
  }
}
