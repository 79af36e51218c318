package io.millrace.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
    named(features)
        .forEach(
            (at, name) -> {
              String folded = name.toLowerCase(Locale.ROOT);
              KeyPath other = seen.putIfAbsent(folded, at);
              if (other != null) {
                faults.add(
                    at, "the feature " + name + " is also made at " + other + "; rename one");
              }
              if (RESERVED.contains(folded)) {
                faults.add(at, "the table has a column " + name + " of its own; use another name");
              }
            });
  }

  /** Where each feature gets its name, less what a list says twice. */
  private Map<KeyPath, String> named(FeaturesSpec features) {
    Map<KeyPath, String> named = new LinkedHashMap<>();
    for (int i = 0; i < features.columns().size(); i++) {
      String column = features.columns().get(i);
      if (features.columns().indexOf(column) == i) {
        named.put(path.then("columns", i), column);
      }
    }
    features.expressions().keySet().forEach(n -> named.put(path.then("expressions", n), n));
    features
        .dateParts()
        .forEach(
            (column, parts) -> {
              for (int i = 0; i < parts.size(); i++) {
                if (parts.indexOf(parts.get(i)) == i) {
                  named.put(path.then("date-parts", column, i), partName(column, parts.get(i)));
                }
              }
            });
    return named;
  }

  private static String partName(String column, FeaturesSpec.DatePart part) {
    return column + "_" + Words.kebab(part.name());
  }

  /** The names of all features; only complete where columns are listed. */
  static List<String> names(FeaturesSpec features) {
    List<String> names = new ArrayList<>(features.columns());
    names.addAll(features.expressions().keySet());
    features
        .dateParts()
        .forEach((column, parts) -> parts.forEach(p -> names.add(partName(column, p))));
    return names;
  }
}
