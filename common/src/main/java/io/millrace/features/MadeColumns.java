package io.millrace.features;

import static io.millrace.table.TableDefinition.column;

import io.millrace.SpecException;
import io.millrace.config.JoinSpec;
import io.millrace.config.PipelineSpec;
import io.millrace.config.Spans;
import io.millrace.config.WindowSpec;
import io.millrace.config.WindowSpec.Aggregate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;

/** The columns that windows and joins make: names, types, and what each is. */
final class MadeColumns {

  private static final Set<Aggregate> OF_ANY_TYPE =
      Set.of(Aggregate.COUNT, Aggregate.DISTINCT, Aggregate.TIME_SINCE);

  private MadeColumns() {}

  /**
   * All of them, in the order of the spec.
   *
   * @throws SpecException where a source lacks a column, a type doesn't fit, or the population has
   *     a column of that name
   */
  static List<StructField> of(FeatureSources sources) {
    PipelineSpec spec = sources.spec();
    List<StructField> made = new ArrayList<>();
    for (int i = 0; i < spec.features().windows().size(); i++) {
      WindowSpec window = spec.features().windows().get(i);
      String place = "features.windows[" + i + "]";
      requireWindow(sources, window, place);
      made.addAll(ofWindow(window, sources.schema(window.source()), place));
    }
    for (int i = 0; i < spec.features().joins().size(); i++) {
      JoinSpec join = spec.features().joins().get(i);
      made.addAll(ofJoin(sources, join, "features.joins[" + i + "]"));
    }
    requireNew(sources, made);
    return List.copyOf(made);
  }

  private static void requireWindow(FeatureSources sources, WindowSpec window, String place) {
    StructType schema = sources.schema(window.source());
    field(window.source(), schema, window.by(), place + ".by");
    String population = sources.spec().population().source();
    String ours = window.matches().orElse(window.by());
    field(population, sources.schema(population), ours, place + ".matches");
    window
        .knownAt()
        .ifPresent(
            name -> {
              DataType type = field(window.source(), schema, name, place + ".known-at").dataType();
              if (!(type instanceof DateType) && !(type instanceof TimestampType)) {
                throw new SpecException(
                    place
                        + ".known-at: "
                        + name
                        + " is a "
                        + type.simpleString()
                        + "; declare it under sources."
                        + window.source()
                        + ".types as date or timestamp");
              }
            });
    window
        .where()
        .ifPresent(
            sql -> {
              SqlTypes types = new SqlTypes(sources.spark(), schema);
              if (!(types.of(place + ".where", sql) instanceof BooleanType)) {
                throw new SpecException(
                    place + ".where: `" + sql + "` is no condition; compare something: a > 0");
              }
            });
  }

  private static List<StructField> ofWindow(WindowSpec window, StructType schema, String place) {
    List<StructField> made = new ArrayList<>();
    window
        .aggregate()
        .forEach(
            (name, aggregates) -> {
              String at = place + ".aggregate." + name;
              DataType type =
                  name.equals("*")
                      ? DataTypes.LongType
                      : field(window.source(), schema, name, at).dataType();
              for (Aggregate aggregate : aggregates) {
                requireType(aggregate, name, type, at);
                for (Duration span : window.over()) {
                  made.add(
                      column(
                          window.feature(name, aggregate, span),
                          type(aggregate, type),
                          says(window, name, aggregate, span)));
                }
              }
            });
    return made;
  }

  private static String says(WindowSpec window, String name, Aggregate aggregate, Duration span) {
    return word(aggregate)
        + " of "
        + (name.equals("*") ? "rows" : name)
        + " of "
        + window.source()
        + " by "
        + window.by()
        + " over "
        + Spans.text(span)
        + (window.delay().isZero() ? "" : ", " + Spans.text(window.delay()) + " ago")
        + window.where().map(sql -> ", where " + sql).orElse("");
  }

  private static String word(Aggregate aggregate) {
    return aggregate.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The type of an aggregate's results. */
  static DataType type(Aggregate aggregate, DataType of) {
    boolean asItIs = of instanceof StringType || of instanceof BooleanType;
    return aggregate == Aggregate.LAST && asItIs ? of : DataTypes.DoubleType;
  }

  private static void requireType(Aggregate aggregate, String name, DataType type, String place) {
    boolean number = type instanceof NumericType || type instanceof BooleanType;
    boolean text = aggregate == Aggregate.LAST && type instanceof StringType;
    if (!number && !text && !OF_ANY_TYPE.contains(aggregate)) {
      throw new SpecException(
          place
              + ": "
              + word(aggregate)
              + " of "
              + name
              + ", which is a "
              + type.simpleString()
              + "; it has count, distinct"
              + (type instanceof StringType ? ", last" : "")
              + " and time-since");
    }
  }

  private static List<StructField> ofJoin(FeatureSources sources, JoinSpec join, String place) {
    StructType schema = sources.schema(join.source());
    String population = sources.spec().population().source();
    join.on()
        .forEach(
            (its, ours) -> {
              field(join.source(), schema, its, place + ".on");
              field(population, sources.schema(population), ours, place + ".on." + its);
            });
    List<StructField> made = new ArrayList<>();
    for (String name : join.columns()) {
      DataType type = field(join.source(), schema, name, place + ".columns").dataType();
      String when = join.asOf().map(time -> " as of " + time).orElse(", last known");
      made.add(column(join.feature(name), type, name + " of " + join.source() + when));
    }
    return made;
  }

  private static StructField field(String source, StructType schema, String name, String place) {
    if (schema.getFieldIndex(name).isEmpty()) {
      throw new SpecException(
          place
              + ": the source "
              + source
              + " has no column "
              + name
              + "; "
              + SqlTypes.mend(name, schema));
    }
    return schema.apply(name);
  }

  /** Expressions couldn't tell two columns of one name apart, in whatever case. */
  private static void requireNew(FeatureSources sources, List<StructField> made) {
    Set<String> there = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    there.addAll(List.of(sources.population().schema().fieldNames()));
    for (StructField field : made) {
      if (!there.add(field.name())) {
        throw new SpecException(
            "features: "
                + field.name()
                + " is made by a window or join, and "
                + sources.spec().population().source()
                + " has a column of that name; rename it in the files");
      }
    }
  }
}
