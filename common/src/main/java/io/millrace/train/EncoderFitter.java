package io.millrace.train;

import io.millrace.config.EncoderSpec;
import io.millrace.model.Encoders;
import io.millrace.model.FeatureSchema;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Fits the encoders of all features in one scan of the training rows. */
public final class EncoderFitter {

  private EncoderFitter() {}

  /** What the encoded rows are for. */
  public enum Style {
    /** Numbers as they are, missing stays missing; categories as codes for set splits. */
    TREES,
    /** Numbers imputed by their median and standardised; categories one-hot; no slot is NaN. */
    LINEAR
  }

  /**
   * Fits encoders.
   *
   * @param rows training rows with a column per feature
   * @param overrides encoders by feature that overrule the style's
   * @param label the label's column (a double), which target encoding needs
   */
  public static Encoders fit(
      Dataset<Row> rows,
      FeatureSchema schema,
      Map<String, EncoderSpec> overrides,
      Style style,
      Optional<String> label) {
    throw new UnsupportedOperationException();
  }
}
