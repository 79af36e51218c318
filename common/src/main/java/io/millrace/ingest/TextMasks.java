package io.millrace.ingest;

import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;

/** The masks of {@link TextType} of all columns, one array per partition of rows. */
final class TextMasks implements FlatMapFunction<Iterator<Row>, int[]> {

  private static final long serialVersionUID = 1L;

  private final int columns;
  private final String[] nulls;

  TextMasks(int columns, List<String> nulls) {
    this.columns = columns;
    this.nulls = nulls.toArray(String[]::new);
  }

  @Override
  public Iterator<int[]> call(Iterator<Row> rows) {
    Set<String> absent = Set.of(nulls);
    int[] masks = new int[columns];
    while (rows.hasNext()) {
      Row row = rows.next();
      for (int i = 0; i < columns; i++) {
        String text = row.getString(i);
        // Nothing more is to be learnt of a column once it is text.
        if (masks[i] < TextType.TEXT && text != null && !absent.contains(text)) {
          masks[i] |= TextType.mask(text);
        }
      }
    }
    return List.of(masks).iterator();
  }

  /** Both together; the order doesn't matter. */
  static int[] merged(int[] some, int[] others) {
    int[] merged = some.clone();
    for (int i = 0; i < merged.length; i++) {
      merged[i] |= others[i];
    }
    return merged;
  }
}
