package io.millrace.validate;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.millrace.SpecException;
import io.millrace.config.CheckSpec;
import io.millrace.config.CheckSpec.OnFail;
import io.millrace.table.Columns;
import io.millrace.table.RawColumns;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Turns checks into a plan of a scan, and the columns that it needs. */
final class Judging {

  private final LateRows late;
  private final ScanColumns columns;
  private final List<ScanPlan.Rule> rules = new ArrayList<>();
  private final List<ScanPlan.KeyHash> keys = new ArrayList<>();

  private Judging(LateRows late, StructType measured) {
    this.late = late;
    this.columns = new ScanColumns(measured);
  }

  /** What a scan reads, and what it does. */
  record Scan(Dataset<Row> rows, ScanPlan plan) {}

  /** The first scan: measures, judges, gathers keys. */
  static Scan first(
      LateRows late, StructType measured, List<CheckSpec> checks, ValidateContext context) {
    Judging judging = new Judging(late, measured);
    judging.rules(checks, context);
    judging.keys(checks, context);
    List<Integer> slices = Profiler.slicePositions(judging.columns, context.sliceColumns());
    return judging.scan(true, slices);
  }

  /** The second scan, of rows that know what the first one suspected: judges only. */
  static Scan second(
      LateRows late, StructType measured, List<CheckSpec> checks, ValidateContext context) {
    Judging judging = new Judging(late, measured);
    judging.rules(checks, context);
    return judging.scan(false, List.of());
  }

  private Scan scan(boolean measures, List<Integer> slices) {
    int group = columns.add(Columns.named(RawColumns.RUN_ID));
    int rowId = columns.add(Columns.named(RawColumns.ROW_ID));
    StructType measured = columns.measured();
    ScanPlan plan =
        new ScanPlan(measured, measures, group, rowId, slices, rules, keys, Validator.CARRIED);
    return new Scan(columns.select(late.rows()), plan);
  }

  private void rules(List<CheckSpec> checks, ValidateContext context) {
    List<String> names = CheckNames.of(checks, context.time());
    for (int i = 0; i < checks.size(); i++) {
      CheckSpec check = checks.get(i);
      Optional<RowTest> test =
          late.columns().containsKey(i)
              ? Optional.of(lateTest(check, i, context))
              : test(check, context.place(i));
      boolean quarantines = check.onFail() == OnFail.QUARANTINE;
      if (test.isPresent()) {
        rules.add(new ScanPlan.Rule(i, names.get(i), quarantines, test.get()));
      }
    }
  }

  private RowTest lateTest(CheckSpec check, int index, ValidateContext context) {
    List<String> shown =
        check instanceof CheckSpec.Determines d
            ? List.of(d.column())
            : List.of(CheckNames.columns(check, context.time()).split(", "));
    int position = columns.add(Columns.named(late.columns().get(index)));
    return new RowTests.Flag(columns.cells(shown, context.place(index)), position, true);
  }

  /** The test of a row-wise check; none of others. */
  private Optional<RowTest> test(CheckSpec check, String place) {
    if (check instanceof CheckSpec.NotNull c) {
      return Optional.of(new RowTests.NotNull(columns.cells(c.columns(), place + ".columns")));
    } else if (check instanceof CheckSpec.InRange c) {
      return Optional.of(inRange(c, place + ".column"));
    } else if (check instanceof CheckSpec.OneOf c) {
      return Optional.of(oneOf(c, place));
    } else if (check instanceof CheckSpec.Matches c) {
      return Optional.of(matches(c, place));
    } else if (check instanceof CheckSpec.Expression c) {
      Column condition = Conditions.of(c.expression(), late.rows(), place + ".expression");
      return Optional.of(new RowTests.Flag(List.of(), columns.add(condition), false));
    } else if (check instanceof CheckSpec.NoOutliers c) {
      columns.cell(c.column(), place + ".column");
    } else if (check instanceof CheckSpec.Fresh c && c.column().isPresent()) {
      columns.cell(c.column().get(), place + ".column");
    } else if (check instanceof CheckSpec.LikeBefore c && c.column().isPresent()) {
      columns.cell(c.column().get(), place + ".column");
    }
    return Optional.empty();
  }

  private RowTest inRange(CheckSpec.InRange check, String place) {
    return new RowTests.InRange(
        number(check.column(), place),
        check.min().orElse(Double.NEGATIVE_INFINITY),
        check.max().orElse(Double.POSITIVE_INFINITY));
  }

  private Cell number(String column, String place) {
    Cell cell = columns.cell(column, place);
    if (cell.number() == null
        || cell.number().kind() == NumberKind.TIME
        || cell.number().kind() == NumberKind.DATE) {
      throw new SpecException(
          "%s: %s is a %s, no number; declare its type as double, or take another check"
              .formatted(place, column, cell.type().simpleString()));
    }
    return cell;
  }

  private RowTest oneOf(CheckSpec.OneOf check, String place) {
    Cell cell = columns.cell(check.column(), place + ".column");
    boolean number =
        cell.number() != null
            && (cell.number().kind() == NumberKind.WHOLE
                || cell.number().kind() == NumberKind.REAL);
    if (!number) {
      return new RowTests.OneOfTexts(cell, columns.text(cell), check.values());
    }
    double[] values = new double[check.values().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = number(check.values().get(i), check.column(), place + ".values[" + i + "]");
    }
    return new RowTests.OneOfNumbers(cell, values);
  }

  private static double number(String text, String column, String place) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new SpecException(
          "%s: %s isn't a number, as %s holds them; correct it".formatted(place, text, column), e);
    }
  }

  private RowTest matches(CheckSpec.Matches check, String place) {
    Cell cell = columns.cell(check.column(), place + ".column");
    try {
      return new RowTests.Matches(cell, columns.text(cell), Pattern.compile(check.pattern()));
    } catch (PatternSyntaxException e) {
      throw new SpecException(
          "%s.pattern: no pattern of RE2: %s; mend it".formatted(place, e.getMessage()), e);
    }
  }

  private void keys(List<CheckSpec> checks, ValidateContext context) {
    long gathered = checks.stream().filter(Judging::gathersKeys).count();
    int budget = (int) (Validator.HASHES / Math.max(1, gathered * context.slices().size()));
    for (int i = 0; i < checks.size(); i++) {
      if (checks.get(i) instanceof CheckSpec.Unique c) {
        columns.cells(c.columns(), context.place(i) + ".columns");
        keys.add(new ScanPlan.KeyHash(i, columns.add(hash(c.columns(), c.columns())), -1, budget));
      } else if (checks.get(i) instanceof CheckSpec.Determines c) {
        columns.cells(c.by(), context.place(i) + ".by");
        columns.cell(c.column(), context.place(i) + ".column");
        List<String> all = new ArrayList<>(c.by());
        all.add(c.column());
        int by = columns.add(hash(c.by(), all));
        int value = columns.add(hash(List.of(c.column()), List.of(c.column())));
        keys.add(new ScanPlan.KeyHash(i, by, value, budget));
      }
    }
  }

  private static boolean gathersKeys(CheckSpec check) {
    return check instanceof CheckSpec.Unique || check instanceof CheckSpec.Determines;
  }

  /** A hash of some columns; null where one of others is. */
  static Column hash(List<String> hashed, List<String> present) {
    Column counts = lit(true);
    for (String name : present) {
      counts = counts.and(Columns.named(name).isNotNull());
    }
    return when(counts, xxhash64(hashed.stream().map(Columns::named).toArray(Column[]::new)));
  }
}
