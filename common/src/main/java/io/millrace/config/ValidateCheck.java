package io.millrace.config;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.millrace.Nearest;
import io.millrace.config.CheckSpec.LikeBefore.Measure;
import io.millrace.config.CheckSpec.OnFail;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** What can be wrong with the checks of sources. */
final class ValidateCheck {

  private final PipelineSpec spec;
  private final Faults faults;

  ValidateCheck(PipelineSpec spec, Faults faults) {
    this.spec = spec;
    this.faults = faults;
  }

  void check() {
    spec.validate()
        .forEach(
            (source, checks) -> {
              KeyPath path = KeyPath.of("validate", source);
              known(source, path);
              for (int i = 0; i < checks.size(); i++) {
                check(source, checks.get(i), path.then(i));
              }
              expressions(checks, path);
            });
  }

  private void known(String source, KeyPath at) {
    if (!spec.sources().containsKey(source)) {
      String mend = Nearest.mend(source, new TreeSet<>(spec.sources().keySet()), "sources");
      faults.add(at, "no source " + source + "; " + mend);
    }
  }

  private void check(String source, CheckSpec check, KeyPath path) {
    columns(source, check, path);
    quarantine(check, path);
    if (check instanceof CheckSpec.InRange c) {
      range(c.min(), c.max(), path);
    } else if (check instanceof CheckSpec.RowCount c) {
      range(c.min().map(Long::doubleValue), c.max().map(Long::doubleValue), path);
    } else if (check instanceof CheckSpec.OneOf c && c.values().isEmpty()) {
      faults.add(path.then("values"), "empty, so that no value can pass; name some");
    } else if (check instanceof CheckSpec.Matches c) {
      pattern(c.pattern(), path.then("pattern"));
    } else if (check instanceof CheckSpec.Expression c) {
      SqlWords.fault(c.expression()).ifPresent(f -> faults.add(path.then("expression"), f));
    } else if (check instanceof CheckSpec.Fresh c) {
      fresh(source, c, path);
    } else if (check instanceof CheckSpec.ExistsIn c) {
      existsIn(c, path);
    } else if (check instanceof CheckSpec.Determines c && c.by().contains(c.column())) {
      faults.add(path.then("column"), c.column() + " determines itself; take it out of by");
    } else if (check instanceof CheckSpec.LikeBefore c) {
      likeBefore(c, path);
    }
  }

  private void range(Optional<Double> min, Optional<Double> max, KeyPath path) {
    if (min.isEmpty() && max.isEmpty()) {
      faults.add(path, "neither min nor max; write at least one");
    } else if (min.isPresent() && max.isPresent() && min.get() > max.get()) {
      String limits = Numbers.text(min.get()) + " is above max " + Numbers.text(max.get());
      faults.add(path.then("min"), limits + ", so that nothing can pass; swap or widen them");
    }
  }

  private void pattern(String pattern, KeyPath at) {
    try {
      Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      String fault = e.getDescription() + ": " + e.getPattern();
      faults.add(
          at,
          "no pattern of RE2 (which has no lookaround and no backreference): "
              + fault
              + "; mend it");
    }
  }

  private void fresh(String source, CheckSpec.Fresh check, KeyPath path) {
    SourceSpec of = spec.sources().get(source);
    if (check.column().isEmpty() && of != null && of.time().isEmpty()) {
      faults.add(
          path.then("column"),
          "missing, and " + source + " has no time; name a column of dates or timestamps");
    }
  }

  private void existsIn(CheckSpec.ExistsIn check, KeyPath path) {
    known(check.source(), path.then("source"));
    if (!check.references().isEmpty() && check.references().size() != check.columns().size()) {
      String sizes = check.references().size() + " columns for " + check.columns().size();
      faults.add(path.then("references"), sizes + "; name as many, in the same order");
    }
    List<String> names = check.references().isEmpty() ? check.columns() : check.references();
    for (int i = 0; i < names.size(); i++) {
      String key = check.references().isEmpty() ? "columns" : "references";
      column(check.source(), names.get(i), path.then(key, i));
    }
  }

  private void likeBefore(CheckSpec.LikeBefore check, KeyPath path) {
    if (check.column().isEmpty() && check.measure() != Measure.ROW_COUNT) {
      String word = Words.kebab(check.measure().name());
      faults.add(path.then("column"), "missing; " + word + " is of a column, so name one");
    } else if (check.column().isPresent() && check.measure() == Measure.ROW_COUNT) {
      faults.add(path.then("column"), "row-count is of the rows; take it away, or take null-share");
    }
  }

  /** A slice as a whole has no rows that break a check. */
  private void quarantine(CheckSpec check, KeyPath path) {
    boolean whole =
        check instanceof CheckSpec.RowCount
            || check instanceof CheckSpec.Fresh
            || check instanceof CheckSpec.LikeBefore
            || check instanceof CheckSpec.LikeTraining;
    if (whole && check.onFail() == OnFail.QUARANTINE) {
      faults.add(
          path.then("on-fail"), "quarantine, but it judges a slice and no row; take warn or stop");
    }
  }

  /** Two conditions of one name couldn't be told apart in tables. */
  private void expressions(List<CheckSpec> checks, KeyPath path) {
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 0; i < checks.size(); i++) {
      if (checks.get(i) instanceof CheckSpec.Expression c) {
        Integer other = seen.putIfAbsent(c.name(), i);
        if (c.name().isBlank()) {
          faults.add(path.then(i, "name"), "empty; say in a word what holds");
        } else if (other != null) {
          faults.add(
              path.then(i, "name"),
              c.name() + " is also the name of " + path.then(other) + "; rename one");
        }
      }
    }
  }

  private void columns(String source, CheckSpec check, KeyPath path) {
    if (check instanceof CheckSpec.NotNull c) {
      list(source, c.columns(), path.then("columns"));
    } else if (check instanceof CheckSpec.Unique c) {
      list(source, c.columns(), path.then("columns"));
    } else if (check instanceof CheckSpec.ExistsIn c) {
      list(source, c.columns(), path.then("columns"));
    } else if (check instanceof CheckSpec.Determines c) {
      list(source, c.by(), path.then("by"));
    } else if (check instanceof CheckSpec.LikeTraining c) {
      names(source, c.columns(), path.then("columns"));
    }
    column(check).ifPresent(name -> column(source, name, path.then("column")));
  }

  private static Optional<String> column(CheckSpec check) {
    if (check instanceof CheckSpec.InRange c) {
      return Optional.of(c.column());
    } else if (check instanceof CheckSpec.OneOf c) {
      return Optional.of(c.column());
    } else if (check instanceof CheckSpec.Matches c) {
      return Optional.of(c.column());
    } else if (check instanceof CheckSpec.Fresh c) {
      return c.column();
    } else if (check instanceof CheckSpec.Determines c) {
      return Optional.of(c.column());
    } else if (check instanceof CheckSpec.NoOutliers c) {
      return Optional.of(c.column());
    }
    return check instanceof CheckSpec.LikeBefore c ? c.column() : Optional.empty();
  }

  private void list(String source, List<String> columns, KeyPath at) {
    if (columns.isEmpty()) {
      faults.add(at, "empty; name at least one column");
    }
    names(source, columns, at);
  }

  private void names(String source, List<String> columns, KeyPath at) {
    RecordChecks.unique(columns, at, faults);
    for (int i = 0; i < columns.size(); i++) {
      if (!columns.get(i).isBlank()) {
        column(source, columns.get(i), at.then(i));
      }
    }
  }

  /** Where the spec says all columns of a source, each name must be one of them. */
  private void column(String source, String name, KeyPath at) {
    if (name.isBlank()) {
      faults.add(at, "an empty name; name a column");
      return;
    }
    Optional<List<String>> known =
        Optional.ofNullable(spec.sources().get(source)).flatMap(SourceCheck::columns);
    if (known.isPresent() && !known.get().contains(name)) {
      List<String> columns = new ArrayList<>(known.get());
      faults.add(at, "no column " + name + "; " + Nearest.mend(name, columns, "columns"));
    }
  }
}
