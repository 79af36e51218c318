package io.millrace.train;

import io.millrace.SpecException;
import io.millrace.Task;
import io.millrace.model.Feature;
import io.millrace.model.FeatureSchema;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Labelled rows with their features.
 *
 * @param rows a column per feature (NUMERIC double, CATEGORY string, BOOLEAN boolean), {@code
 *     label} double (index of the class, or the number), {@code _split} ({@link Splitter}), {@code
 *     _key} string (no two rows alike), and where rows weigh differently {@code _weight} double
 * @param classes of a classification, in the order of the label's indices (binary: negative,
 *     positive); empty for a regression
 */
public record TrainingSet(
    Dataset<Row> rows, FeatureSchema schema, Task task, List<String> classes) {

  /** The label's column. */
  public static final String LABEL = "label";

  /** The key's column. */
  public static final String KEY = "_key";

  /** The column of a row's weight, where there is one. */
  public static final String WEIGHT = "_weight";

  private static final Set<String> TAKEN =
      Set.of(LABEL, KEY, WEIGHT, Splitter.SPLIT, Placement.HASH);

  /**
   * @throws SpecException when a feature has the name of another column
   */
  public TrainingSet {
    classes = List.copyOf(classes);
    for (Feature feature : schema.features()) {
      if (TAKEN.contains(feature.name())) {
        throw new SpecException(
            "features: a feature can't be called "
                + feature.name()
                + "; give it another name by an expression");
      }
    }
  }
}
