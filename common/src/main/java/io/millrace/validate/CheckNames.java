package io.millrace.validate;

import io.millrace.config.CheckSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What checks are called in tables and reports, and the columns that they look at. */
public final class CheckNames {

  private CheckNames() {}

  /**
   * One text for each check of a list: {@code in-range(age)}; the second of two that would be
   * called the same gets {@code #2}.
   */
  public static List<String> of(List<CheckSpec> checks, Optional<String> time) {
    List<String> names = new ArrayList<>();
    for (CheckSpec check : checks) {
      String name = name(check, time);
      String unique = name;
      for (int i = 2; names.contains(unique); i++) {
        unique = name + "#" + i;
      }
      names.add(unique);
    }
    return names;
  }

  /** The columns of a check by commas; empty for one of the rows as such. */
  static String columns(CheckSpec check, Optional<String> time) {
    if (check instanceof CheckSpec.NotNull c) {
      return String.join(", ", c.columns());
    } else if (check instanceof CheckSpec.InRange c) {
      return c.column();
    } else if (check instanceof CheckSpec.OneOf c) {
      return c.column();
    } else if (check instanceof CheckSpec.Matches c) {
      return c.column();
    } else if (check instanceof CheckSpec.Unique c) {
      return String.join(", ", c.columns());
    } else if (check instanceof CheckSpec.Fresh c) {
      return c.column().or(() -> time).orElse("");
    } else if (check instanceof CheckSpec.ExistsIn c) {
      return String.join(", ", c.columns());
    } else if (check instanceof CheckSpec.Determines c) {
      return String.join(", ", c.by()) + ", " + c.column();
    } else if (check instanceof CheckSpec.NoOutliers c) {
      return c.column();
    } else if (check instanceof CheckSpec.LikeBefore c) {
      return c.column().orElse("");
    }
    return check instanceof CheckSpec.LikeTraining c ? String.join(", ", c.columns()) : "";
  }

  private static String name(CheckSpec check, Optional<String> time) {
    String columns = columns(check, time);
    if (check instanceof CheckSpec.NotNull) {
      return "not-null(" + columns + ")";
    } else if (check instanceof CheckSpec.InRange) {
      return "in-range(" + columns + ")";
    } else if (check instanceof CheckSpec.OneOf) {
      return "one-of(" + columns + ")";
    } else if (check instanceof CheckSpec.Matches) {
      return "matches(" + columns + ")";
    } else if (check instanceof CheckSpec.Unique) {
      return "unique(" + columns + ")";
    } else if (check instanceof CheckSpec.Expression c) {
      return "expression(" + c.name() + ")";
    } else if (check instanceof CheckSpec.RowCount) {
      return "row-count";
    } else if (check instanceof CheckSpec.Fresh) {
      return "fresh(" + columns + ")";
    } else if (check instanceof CheckSpec.ExistsIn c) {
      return "exists-in(" + columns + " in " + c.source() + ")";
    } else if (check instanceof CheckSpec.Determines c) {
      return "determines(" + String.join(", ", c.by()) + " -> " + c.column() + ")";
    } else if (check instanceof CheckSpec.NoOutliers) {
      return "no-outliers(" + columns + ")";
    } else if (check instanceof CheckSpec.LikeBefore c) {
      String of = c.column().map(column -> " of " + column).orElse("");
      return "like-before(" + word(c.measure()) + of + ")";
    }
    return "like-training" + (columns.isEmpty() ? "" : "(" + columns + ")");
  }

  /** A measure as the spec writes it: {@code null-share}. */
  static String word(CheckSpec.LikeBefore.Measure measure) {
    return measure.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
