package io.millrace.label;

import static io.millrace.table.TableDefinition.column;

import io.millrace.DataException;
import io.millrace.Nearest;
import io.millrace.SpecException;
import io.millrace.Task;
import io.millrace.config.LabelSpec;
import io.millrace.config.PipelineSpec;
import io.millrace.table.Columns;
import io.millrace.table.PinnedTable;
import io.millrace.table.RawColumns;
import io.millrace.table.TableDefinition;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Builds labels out of raw rows: the entity, the value, and the date from which it was known. */
public final class LabelBuilder {

  /** The label as it was written. */
  public static final String TEXT = "label_text";

  /** The label as a number: 1 or 0, or the number itself; null for several classes. */
  public static final String VALUE = "label";

  /** Logical date of the ingest that brought it. */
  public static final String KNOWN_AT = "known_at";

  /** Time of the row that told it, where a later row takes the place of an earlier one. */
  public static final String TIME = "label_time";

  private static final String ORDER = "_order";

  private LabelBuilder() {}

  /** The source that the labels come from. */
  public static String source(PipelineSpec spec) {
    return spec.label().orElseThrow() instanceof LabelSpec.Source label
        ? label.source()
        : spec.population().source();
  }

  /** Columns of the population's source that tell the label and so may be no feature. */
  public static List<String> columns(PipelineSpec spec) {
    return spec.label()
        .map(
            label -> {
              if (label instanceof LabelSpec.Column column) {
                return List.of(column.column());
              } else if (label instanceof LabelSpec.Expression expression) {
                return expression.columns();
              }
              return List.<String>of();
            })
        .orElse(List.of());
  }

  /** Names of the columns that identify an entity. */
  public static List<String> entity(PipelineSpec spec) {
    return spec.entity().isEmpty() ? List.of(RawColumns.KEY) : spec.entity();
  }

  /** The task that the spec says, or that the label's type tells. */
  public static Task task(PipelineSpec spec, StructType raw) {
    LabelSpec label = spec.label().orElseThrow();
    if (label.task().isPresent()) {
      return label.task().get();
    } else if (label.positive().isPresent()) {
      return Task.BINARY;
    } else if (label instanceof LabelSpec.Expression) {
      return Task.MULTI_CLASS;
    }
    String name =
        label instanceof LabelSpec.Column column
            ? column.column()
            : ((LabelSpec.Source) label).column();
    StructField field = field(raw, name);
    return field.dataType() instanceof org.apache.spark.sql.types.NumericType
        ? Task.REGRESSION
        : Task.MULTI_CLASS;
  }

  private static StructField field(StructType raw, String name) {
    if (raw.getFieldIndex(name).isEmpty()) {
      throw new SpecException(
          "label: the source has no column "
              + name
              + "; "
              + Nearest.mend(name, List.of(raw.fieldNames()), "columns"));
    }
    return raw.apply(name);
  }

  /** The table of a pipeline's labels. */
  public static TableDefinition definition(PipelineSpec spec, StructType raw) {
    List<StructField> fields = new ArrayList<>();
    fields.add(column("run_id", DataTypes.StringType, "Run that wrote the row"));
    fields.add(column(KNOWN_AT, DataTypes.DateType, "Logical date from which the label was known"));
    for (String name : entity(spec)) {
      fields.add(column(name, field(raw, name).dataType(), "Key of the entity"));
    }
    fields.add(column(TEXT, DataTypes.StringType, "The label as it was written"));
    fields.add(
        column(
            VALUE,
            DataTypes.DoubleType,
            "The label as a number: 1 positive, 0 negative, or its value; null for classes"));
    OneAnswer.time(spec)
        .ifPresent(
            time -> fields.add(column(TIME, DataTypes.TimestampType, "When it was so: " + time)));
    return new TableDefinition(
        "labels/" + spec.pipeline(),
        "Labels of " + spec.pipeline() + ", one row per entity and date of arrival",
        new StructType(fields.toArray(StructField[]::new)),
        Optional.of(KNOWN_AT),
        List.of("run_id"));
  }

  /**
   * Labels that became known on some dates, one per entity and date; rows without a label have
   * none.
   *
   * @param runIds the run of each date
   * @throws DataException where a binary label has a third value, or an entity two answers
   */
  public static Dataset<Row> build(
      PipelineSpec spec, PinnedTable raw, Map<LocalDate, String> runIds) {
    Task task = task(spec, raw.schema());
    List<Column> columns = new ArrayList<>();
    Column ingested = Columns.named(RawColumns.INGESTED);
    columns.add(functions.element_at(literal(runIds), ingested).as("run_id"));
    columns.add(ingested.as(KNOWN_AT));
    entity(spec).forEach(name -> columns.add(Columns.named(name)));
    Column text = text(spec.label().orElseThrow(), raw.schema());
    columns.add(text.as(TEXT));
    columns.add(value(spec.label().orElseThrow(), task, text).as(VALUE));
    OneAnswer.time(spec)
        .ifPresent(time -> columns.add(Columns.named(time).cast("timestamp").as(TIME)));
    OneAnswer answers = new OneAnswer(spec);
    columns.add(functions.struct(answers.order().toArray(Column[]::new)).as(ORDER));
    List<Column> notNull = new ArrayList<>();
    entity(spec).forEach(name -> notNull.add(Columns.named(name).isNotNull()));
    try {
      Dataset<Row> labels =
          raw.read()
              .where(ingested.isin(dates(runIds)))
              .where(text.isNotNull())
              .where(notNull.stream().reduce(Column::and).orElseThrow())
              .select(columns.toArray(Column[]::new));
      if (task == Task.BINARY) {
        requireTwoValues(spec, labels);
      } else if (task == Task.REGRESSION) {
        requireNumbers(spec, labels);
      }
      return answers.of(labels, ORDER);
    } catch (Exception e) {
      throw analysis(e);
    }
  }

  private static RuntimeException analysis(Exception e) {
    if (e instanceof AnalysisException) {
      return new SpecException("label: " + e.getMessage().lines().findFirst().orElse(""), e);
    }
    // Spark's Scala throws checked exceptions that it doesn't declare.
    return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
  }

  private static Object[] dates(Map<LocalDate, String> runIds) {
    return runIds.keySet().stream().map(java.sql.Date::valueOf).toArray();
  }

  /** A map literal from date to run id. */
  public static Column literal(Map<LocalDate, String> runIds) {
    List<Column> entries = new ArrayList<>();
    runIds.forEach(
        (date, id) -> {
          entries.add(functions.lit(java.sql.Date.valueOf(date)));
          entries.add(functions.lit(id));
        });
    return functions.map(entries.toArray(Column[]::new));
  }

  private static Column text(LabelSpec label, StructType raw) {
    if (label instanceof LabelSpec.Expression expression) {
      return functions.expr(expression.expression()).cast("string");
    }
    String name =
        label instanceof LabelSpec.Column column
            ? column.column()
            : ((LabelSpec.Source) label).column();
    return Columns.named(field(raw, name).name()).cast("string");
  }

  private static Column value(LabelSpec label, Task task, Column text) {
    return switch (task) {
      case BINARY -> text.equalTo(functions.lit(positive(label))).cast("double");
      case REGRESSION -> text.try_cast("double");
      case MULTI_CLASS -> functions.lit(null).cast("double");
    };
  }

  private static String positive(LabelSpec label) {
    return label
        .positive()
        .orElseThrow(
            () ->
                new SpecException(
                    "label: a binary task needs to know which value is positive; add positive:"));
  }

  private static void requireTwoValues(PipelineSpec spec, Dataset<Row> labels) {
    LabelSpec label = spec.label().orElseThrow();
    List<Row> counts =
        labels
            .groupBy(TEXT)
            .count()
            .orderBy(functions.desc("count"), functions.col(TEXT))
            .limit(10)
            .collectAsList();
    List<String> others =
        counts.stream()
            .filter(row -> !row.getString(0).equals(positive(label)))
            .filter(row -> !label.negative().equals(Optional.of(row.getString(0))))
            .map(row -> "'" + row.getString(0) + "' (" + row.getLong(1) + " rows)")
            .toList();
    int known = label.negative().isPresent() ? 0 : 1;
    if (others.size() > known) {
      throw new DataException(
          "labels/"
              + spec.pipeline()
              + ": values that are neither positive nor negative: "
              + String.join(", ", others)
              + "; expected '"
              + positive(label)
              + "' or "
              + label.negative().map(n -> "'" + n + "'").orElse("one other value")
              + "; mend the data, or add them to the source's nulls");
    }
  }

  private static void requireNumbers(PipelineSpec spec, Dataset<Row> labels) {
    Column value = Columns.named(VALUE);
    Column bad =
        value.isNull().or(value.isNaN()).or(functions.abs(value).equalTo(Double.POSITIVE_INFINITY));
    List<Row> wrong = labels.where(bad).select(TEXT).orderBy(TEXT).limit(1).collectAsList();
    if (!wrong.isEmpty()) {
      throw new DataException(
          "labels/"
              + spec.pipeline()
              + ": '"
              + wrong.get(0).getString(0)
              + "' is no finite number; mend the data, or add it to the source's nulls");
    }
  }

  /**
   * The labels known at a date: for each entity the answer that was known last, or where rows of
   * the population tell it, that of the last row.
   *
   * @param date labels of a later {@code known_at} are not there
   */
  public static Dataset<Row> knownAt(PipelineSpec spec, PinnedTable labels, LocalDate date) {
    Column[] entity = entity(spec).stream().map(Columns::named).toArray(Column[]::new);
    List<Column> answer = new ArrayList<>();
    OneAnswer.time(spec).ifPresent(time -> answer.add(Columns.named(TIME)));
    List.of(KNOWN_AT, TEXT, VALUE).forEach(name -> answer.add(Columns.named(name)));
    return labels
        .read()
        .where(Columns.named(KNOWN_AT).leq(functions.lit(java.sql.Date.valueOf(date))))
        .groupBy(entity)
        .agg(functions.max(functions.struct(answer.toArray(Column[]::new))).as("_last"))
        .select(
            functions.expr("*"),
            functions.col("_last." + TEXT).as(TEXT),
            functions.col("_last." + VALUE).as(VALUE),
            functions.col("_last." + KNOWN_AT).as(KNOWN_AT))
        .drop("_last");
  }
}
