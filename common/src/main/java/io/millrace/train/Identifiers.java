package io.millrace.train;

import static org.apache.spark.sql.functions.approx_count_distinct;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.not;

import io.millrace.table.Columns;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;

/**
 * Features with nearly as many values as rows: categories, and whole numbers none of which comes
 * twice. Where the sample shows one but isn't all rows, the values of all rows are estimated
 * (HyperLogLog++, relative error 0.5%).
 */
final class Identifiers {

  private static final double LIMIT = 0.95;
  private static final int LEAST_CATEGORIES = 100;

  /** Amounts of few rows may all differ by chance. */
  private static final int LEAST_NUMBERS = 1000;

  private static final double ERROR = 0.005;

  private Identifiers() {}

  static List<Leak> of(TrainingSet set, AuditSample sample) {
    List<Leak> leaks = new ArrayList<>();
    for (int i = 0; i < sample.features().size(); i++) {
      double share = share(sample, i);
      long rows = sample.rows();
      String name = sample.features().get(i).name();
      if (share >= LIMIT && !sample.isWhole()) {
        rows = sample.allRows();
        share = shareOfAll(set, name);
      }
      if (share >= LIMIT) {
        String message =
            String.format(
                Locale.ROOT,
                "%s has nearly as many values as rows (%.0f%%): an identifier, of which nothing can"
                    + " be learned for other rows; list it under features.exclude, or under"
                    + " train.audit.ignore",
                name,
                100 * share);
        leaks.add(new Leak(LeakRule.IDENTIFIER, List.of(name), share, LIMIT, rows, message));
      }
    }
    return leaks;
  }

  /** Values per row that has one, in the sample; 0 for what can't be an identifier. */
  private static double share(AuditSample sample, int feature) {
    boolean numeric = sample.isNumeric(feature);
    Set<Long> values = new HashSet<>();
    int present = 0;
    for (int i = 0; i < sample.rows(); i++) {
      if (!sample.isMissing(feature, i)) {
        present++;
        boolean news = values.add(sample.values()[feature][i]);
        double x = numeric ? sample.number(feature, i) : 0;
        if (numeric && (!news || x != Math.rint(x))) {
          return 0;
        }
      }
    }
    boolean enough = present >= (numeric ? LEAST_NUMBERS : LEAST_CATEGORIES);
    return enough ? (double) values.size() / present : 0;
  }

  private static double shareOfAll(TrainingSet set, String name) {
    Column value = Columns.named(name);
    Row counts =
        set.rows()
            .where(not(col(Splitter.SPLIT).equalTo(Splitter.TEST)))
            .agg(approx_count_distinct(value, ERROR), count(value))
            .first();
    return Math.min(1, (double) counts.getLong(0) / counts.getLong(1));
  }
}
