package io.millrace.validate;

import io.millrace.SpecException;
import io.millrace.config.CheckSpec;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Measures and judges rows. */
public final class Validator {

  /** Most broken rows that one scan brings along; of more it brings none. */
  public static final int CARRIED = 100_000;

  /** Hashes of keys that the states of all checks and slices hold together. */
  static final int HASHES = 16_000_000;

  private Validator() {}

  /**
   * Measures all columns and judges all rows of some slices, in one scan. A check across rows
   * (unique, determines, no-outliers) that the scan suspects of being broken is decided by a second
   * pass; nothing else is read twice.
   *
   * @param rows rows of the slices, with {@code run_id} and {@code _row_id}; read once or twice, so
   *     they must be pinned
   * @param checks the checks of the source, in the order of the spec
   * @throws SpecException if a check doesn't fit the columns
   */
  public static ValidateResult validate(
      Dataset<Row> rows, List<CheckSpec> checks, ValidateContext context) {
    return new Validation(rows, checks, context).run();
  }
}
