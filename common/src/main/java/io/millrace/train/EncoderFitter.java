package io.millrace.train;

import io.millrace.DataException;
import io.millrace.SpecException;
import io.millrace.config.EncoderSpec;
import io.millrace.config.EncoderSpec.Numeric.Impute;
import io.millrace.model.Encoder;
import io.millrace.model.Encoders;
import io.millrace.model.Feature;
import io.millrace.model.FeatureSchema;
import io.millrace.table.InternalRows;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;

/**
 * Fits the encoders of all features in one scan of the training rows. Everything that the scan
 * collects is exact, so the encoders are equal to the bit for any partitions, cores and order.
 */
public final class EncoderFitter {

  /** A category of more levels is an identifier rather than a feature. */
  static final int MOST_LEVELS = 1_000_000;

  private EncoderFitter() {}

  /** What the encoded rows are for. */
  public enum Style {
    /** Numbers as they are, missing stays missing; categories as codes for set splits. */
    TREES,
    /**
     * As for trees, but a category of many levels is their mean labels: a forest draws few features
     * a split, and MLlib's bins would have to be as many as the levels. Not for several classes.
     */
    FOREST,
    /** Numbers imputed by their median and standardised; categories one-hot; no slot is NaN. */
    LINEAR
  }

  /**
   * Fits encoders. A feature that is constant or has no values gets {@link Encoder.Dropped}.
   *
   * @param rows training rows with a column per feature
   * @param overrides encoders by feature that overrule the style's; for {@link Style#LINEAR} one
   *     that leaves missing slots or makes codes gives way to the nearest that does not
   * @param label the label's column (a double), which target encoding needs
   * @throws SpecException when an override doesn't fit its feature, or lacks the label
   * @throws DataException when there are no rows, or a category has too many levels
   */
  public static Encoders fit(
      Dataset<Row> rows,
      FeatureSchema schema,
      Map<String, EncoderSpec> overrides,
      Style style,
      Optional<String> label) {
    EncoderChoice choice = new EncoderChoice(schema, overrides, style);
    List<EncoderSpec> specs = new ArrayList<>();
    for (Feature feature : schema.features()) {
      specs.add(choice.of(feature).orElse(null));
      if (label.isEmpty() && specs.get(specs.size() - 1) instanceof EncoderSpec.Target) {
        throw new SpecException(
            "train.encoders.%s: target encoding needs a label; take frequency or one-hot"
                .formatted(feature.name()));
      }
    }
    States found = scan(rows, schema, specs, label);
    List<Encoder> encoders = new ArrayList<>();
    for (int i = 0; i < specs.size(); i++) {
      String name = schema.features().get(i).name();
      boolean byDefault = style == Style.FOREST && !overrides.containsKey(name);
      EncoderSpec spec =
          byDefault ? EncoderChoice.forest(specs.get(i), found.features.get(i)) : specs.get(i);
      encoders.add(encoder(name, found.features.get(i), spec, found.labels, style));
    }
    return new Encoders(schema, encoders);
  }

  private static Encoder encoder(
      String name, FeatureState state, EncoderSpec spec, LabelSum labels, Style style) {
    if (state instanceof FeatureState.Numbers numbers) {
      return EncoderMaker.numeric(numbers, (EncoderSpec.Numeric) spec);
    } else if (state instanceof FeatureState.Categories categories) {
      return EncoderMaker.category(name, categories, spec, labels);
    }
    return EncoderMaker.flag((FeatureState.Flags) state, style);
  }

  private static States scan(
      Dataset<Row> rows, FeatureSchema schema, List<EncoderSpec> specs, Optional<String> label) {
    JavaRDD<InternalRow> internal = InternalRows.of(rows.select(columns(schema, label)));
    boolean[] full = full(specs);
    JavaRDD<States> partial =
        internal.mapPartitions(
            partition -> List.of(new States(schema, full).addAll(partition)).iterator());
    States found =
        partial.getNumPartitions() == 0
            ? new States(schema, full)
            : partial.treeReduce(States::merge);
    if (found.labels.count() == 0) {
      throw new DataException("no rows to train on: the training part of the split is empty");
    }
    return found;
  }

  /** By feature: whether its encoder needs moments or quantiles. */
  private static boolean[] full(List<EncoderSpec> specs) {
    boolean[] full = new boolean[specs.size()];
    for (int i = 0; i < full.length; i++) {
      full[i] =
          specs.get(i) instanceof EncoderSpec.Numeric n
              && (n.clip()
                  || n.scale()
                  || n.impute() == Impute.MEAN
                  || n.impute() == Impute.MEDIAN);
    }
    return full;
  }

  private static Column[] columns(FeatureSchema schema, Optional<String> label) {
    List<Column> columns = new ArrayList<>();
    for (Feature feature : schema.features()) {
      String type =
          switch (feature.kind()) {
            case NUMERIC -> "double";
            case CATEGORY -> "string";
            case BOOLEAN -> "boolean";
          };
      columns.add(functions.col("`" + feature.name().replace("`", "``") + "`").cast(type));
    }
    columns.add(label.map(functions::col).orElse(functions.lit(0)).cast("double"));
    return columns.toArray(Column[]::new);
  }

  /**
   * What a scan collects: a state per feature, and the labels. Rows without a label don't count.
   */
  private static final class States implements Serializable {

    private static final long serialVersionUID = 1L;

    private final List<FeatureState> features = new ArrayList<>();
    private final LabelSum labels = new LabelSum();

    States(FeatureSchema schema, boolean[] full) {
      for (int i = 0; i < full.length; i++) {
        features.add(
            switch (schema.features().get(i).kind()) {
              case NUMERIC -> full[i] ? FeatureState.Numbers.full() : FeatureState.Numbers.plain();
              case CATEGORY -> new FeatureState.Categories(MOST_LEVELS);
              case BOOLEAN -> new FeatureState.Flags();
            });
      }
    }

    States addAll(Iterator<InternalRow> rows) {
      int labelColumn = features.size();
      while (rows.hasNext()) {
        InternalRow row = rows.next();
        if (!row.isNullAt(labelColumn)) {
          double label = row.getDouble(labelColumn);
          labels.add(label);
          for (int i = 0; i < labelColumn; i++) {
            features.get(i).add(row, i, label);
          }
        }
      }
      return this;
    }

    States merge(States other) {
      labels.merge(other.labels);
      for (int i = 0; i < features.size(); i++) {
        features.get(i).merge(other.features.get(i));
      }
      return this;
    }
  }
}
