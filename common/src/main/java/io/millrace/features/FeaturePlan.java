package io.millrace.features;

import io.millrace.Nearest;
import io.millrace.SpecException;
import io.millrace.config.FeaturesSpec;
import io.millrace.config.FeaturesSpec.DatePart;
import io.millrace.config.FeaturesSpec.FeatureKind;
import io.millrace.config.PipelineSpec;
import io.millrace.label.LabelBuilder;
import io.millrace.table.Columns;
import io.millrace.table.RawColumns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;

/**
 * Which features a pipeline has, resolved against the columns of its source: order, kind and
 * expression. Numeric features are doubles, categories texts, booleans booleans.
 *
 * @param features columns, what windows and joins make, expressions, date parts
 * @param kept columns that are only for slices
 * @param made all columns that windows and joins make, also those that are no features
 */
public record FeaturePlan(List<Planned> features, List<String> kept, List<StructField> made) {

  /** One feature. */
  public record Planned(String name, FeatureKind kind, Column value, String origin) {

    /** Type of its column in the features table. */
    public DataType type() {
      return switch (kind) {
        case NUMERIC -> DataTypes.DoubleType;
        case CATEGORY -> DataTypes.StringType;
        case BOOLEAN -> DataTypes.BooleanType;
      };
    }
  }

  public FeaturePlan {
    features = List.copyOf(features);
    kept = List.copyOf(kept);
    made = List.copyOf(made);
  }

  /**
   * Resolves a spec against the raw table's columns.
   *
   * @param made the columns that windows and joins make
   * @param types gives the type that an expression has over those and the raw table's columns
   * @throws SpecException where a column isn't there or can't be a feature
   */
  public static FeaturePlan of(
      PipelineSpec spec, StructType raw, List<StructField> made, Function<String, DataType> types) {
    FeaturesSpec told = spec.features();
    StructType all = with(raw, made);
    Map<String, Planned> planned = new LinkedHashMap<>();
    for (String name : columns(spec, raw)) {
      requireColumn(spec, raw, name, "features.columns");
      DataType type = raw.apply(name).dataType();
      add(planned, told, name, type, Columns.named(name), "Column " + name);
    }
    for (StructField field : made) {
      if (!told.exclude().contains(field.name()) && !isDated(field.dataType())) {
        String origin = field.getComment().getOrElse(field::name);
        add(planned, told, field.name(), field.dataType(), Columns.named(field.name()), origin);
      }
    }
    new TreeMap<>(told.expressions())
        .forEach(
            (name, sql) ->
                add(planned, told, name, types.apply(sql), functions.expr(sql), "Is " + sql));
    new TreeMap<>(told.dateParts())
        .forEach((name, parts) -> addParts(planned, spec, all, name, parts));
    requireKinds(told, planned);
    if (planned.isEmpty()) {
      throw new SpecException(
          spec.pipeline() + ": features: there is none left; list some under features.columns");
    }
    List<String> kept = kept(spec, all, planned.keySet());
    return new FeaturePlan(List.copyOf(planned.values()), kept, made);
  }

  /** The raw table's columns with those that windows and joins make. */
  StructType all(StructType raw) {
    return with(raw, made);
  }

  private static StructType with(StructType raw, List<StructField> made) {
    StructType all = raw;
    for (StructField field : made) {
      all = all.add(field);
    }
    return all;
  }

  private static boolean isDated(DataType type) {
    return type instanceof DateType || type instanceof TimestampType;
  }

  private static void requireKinds(FeaturesSpec told, Map<String, Planned> planned) {
    for (String name : told.kinds().keySet()) {
      if (!planned.containsKey(name)) {
        throw new SpecException(
            "features.kinds: "
                + name
                + " is no feature"
                + "; "
                + Nearest.mend(name, planned.keySet(), "features"));
      }
    }
  }

  private static List<String> columns(PipelineSpec spec, StructType raw) {
    if (!spec.features().columns().isEmpty()) {
      return spec.features().columns();
    }
    Set<String> never = new LinkedHashSet<>(LabelBuilder.entity(spec));
    never.addAll(LabelBuilder.columns(spec));
    never.addAll(spec.features().exclude());
    var source = spec.sources().get(spec.population().source());
    never.addAll(source.key());
    source.time().ifPresent(never::add);
    List<String> columns = new ArrayList<>();
    for (String name : raw.fieldNames()) {
      DataType type = raw.apply(name).dataType();
      if (!never.contains(name) && !RawColumns.isOurs(name) && !isDated(type)) {
        columns.add(name);
      }
    }
    return columns;
  }

  private static void requireColumn(PipelineSpec spec, StructType raw, String name, String place) {
    if (raw.getFieldIndex(name).isEmpty()) {
      List<String> known =
          List.of(raw.fieldNames()).stream().filter(c -> !RawColumns.isOurs(c)).toList();
      throw new SpecException(
          place
              + ": the source "
              + spec.population().source()
              + " has no column "
              + name
              + "; "
              + Nearest.mend(name, known, "columns"));
    }
  }

  private static void add(
      Map<String, Planned> planned,
      FeaturesSpec told,
      String name,
      DataType type,
      Column value,
      String origin) {
    FeatureKind kind = told.kinds().containsKey(name) ? told.kinds().get(name) : kind(name, type);
    planned.put(name, new Planned(name, kind, cast(value, type, kind), origin));
  }

  private static FeatureKind kind(String name, DataType type) {
    if (type instanceof NumericType) {
      return FeatureKind.NUMERIC;
    } else if (type instanceof BooleanType) {
      return FeatureKind.BOOLEAN;
    } else if (type instanceof StringType) {
      return FeatureKind.CATEGORY;
    }
    throw new SpecException(
        "features: "
            + name
            + " is of type "
            + type.simpleString()
            + ", which is no feature; "
            + (isDated(type)
                ? "use its parts: date-parts: {" + name + ": [month, day-of-week]}"
                : "make a number, a text or a boolean of it"));
  }

  private static Column cast(Column value, DataType type, FeatureKind kind) {
    return switch (kind) {
      case NUMERIC -> type instanceof StringType ? value.try_cast("double") : value.cast("double");
      case CATEGORY -> value.cast("string");
      case BOOLEAN ->
          type instanceof StringType ? value.try_cast("boolean") : value.cast("boolean");
    };
  }

  private static void addParts(
      Map<String, Planned> planned,
      PipelineSpec spec,
      StructType raw,
      String name,
      List<DatePart> parts) {
    requireColumn(spec, raw, name, "features.date-parts");
    for (DatePart part : parts) {
      String feature = name + "_" + part.name().toLowerCase(Locale.ROOT);
      Column value = part(Columns.named(name), part);
      add(planned, spec.features(), feature, DataTypes.IntegerType, value, "Part of " + name);
    }
  }

  private static Column part(Column value, DatePart part) {
    return switch (part) {
      case YEAR -> functions.year(value);
      case QUARTER -> functions.quarter(value);
      case MONTH -> functions.month(value);
      case DAY_OF_MONTH -> functions.dayofmonth(value);
      case DAY_OF_WEEK -> functions.weekday(value).plus(1);
      case DAY_OF_YEAR -> functions.dayofyear(value);
      case WEEK_OF_YEAR -> functions.weekofyear(value);
      case HOUR -> functions.hour(value);
      case MINUTE -> functions.minute(value);
      case DAYS_SINCE_EPOCH -> functions.unix_date(value.cast("date"));
    };
  }

  private static List<String> kept(PipelineSpec spec, StructType raw, Set<String> features) {
    Set<String> kept = new LinkedHashSet<>();
    for (String name : spec.features().exclude()) {
      requireColumn(spec, raw, name, "features.exclude");
      kept.add(name);
    }
    spec.keptColumns()
        .forEach(
            (name, place) -> {
              if (!features.contains(name)) {
                requireColumn(spec, raw, name, place);
                kept.add(name);
              }
            });
    kept.removeAll(features);
    kept.removeAll(LabelBuilder.entity(spec));
    kept.removeAll(LabelBuilder.columns(spec));
    return List.copyOf(kept);
  }
}
