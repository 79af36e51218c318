package io.millrace.features;

import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;

/** What one window or join makes of the rows in the ring, as its moments go on in time. */
abstract class Lane {

  /** Takes in the rows that count at a moment, and those out that no longer do. */
  abstract void advance(long moment);

  /** Position of the first row in the ring that a later moment may need. */
  abstract long oldest();

  /** Writes the results at the moment of the last {@link #advance}. */
  abstract void write(SpecificInternalRow out);

  /** Begins with another key. */
  abstract void clear();
}
