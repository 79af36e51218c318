package io.millrace.ingest;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows of the beginning of each file, as texts.
 *
 * @param names names of the columns
 * @param rows rows, each with the index of its file as one more text at the end
 * @param complete whether these are all rows
 */
record Sample(List<String> names, List<String[]> rows, boolean complete) {

  /** The texts of a column that aren't among the nulls, in the order of the rows. */
  List<String> values(int column, List<String> nulls) {
    List<String> values = new ArrayList<>();
    for (String[] row : rows) {
      String text = row[column];
      if (text != null && !nulls.contains(text)) {
        values.add(text);
      }
    }
    return values;
  }
}
