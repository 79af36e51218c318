package io.millrace.validate;

import io.millrace.stats.CategoryCounts;
import io.millrace.stats.XxHash64;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * The values that broke a check and how often: all of them while they are few, else a sample that
 * is the same in any order of rows.
 */
final class Offenders implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final int CAP = 64;

  private final Cell cell;
  private final NumberCounts numbers = new NumberCounts(CAP);
  private final CategoryCounts texts = new CategoryCounts(CAP);
  private final TextBytes bytes = new TextBytes();

  /** Values of one column; null for texts that {@link #add(String)} takes. */
  Offenders(Cell cell) {
    this.cell = cell;
  }

  /** Takes the column's value in a row. */
  void add(InternalRow row) {
    if (cell.isNull(row)) {
      texts.add("null");
    } else if (cell.number() != null) {
      long bits = cell.number().bits(row);
      numbers.add(bits, XxHash64.hash(bits));
    } else if (cell.isText()) {
      bytes.set(row.getUTF8String(cell.position()));
      texts.add(bytes.array(), bytes.offset(), bytes.length());
    } else {
      texts.add(cell.text(row));
    }
  }

  void add(String text) {
    texts.add(text);
  }

  void merge(Offenders other) {
    numbers.merge(other.numbers);
    texts.merge(other.texts);
  }

  /** The most frequent ones, by descending count, then by text. */
  List<ValueCount> most(int most) {
    List<ValueCount> all =
        new java.util.ArrayList<>(
            texts.counts().stream().map(c -> new ValueCount(c.value(), c.count())).toList());
    Arrays.stream(numbers.numbers())
        .forEach(n -> all.add(new ValueCount(cell.number().kind().text(n), numbers.count(n))));
    all.sort(
        Comparator.comparing((ValueCount value) -> -value.count())
            .thenComparing(ValueCount::value));
    return List.copyOf(all.subList(0, Math.min(most, all.size())));
  }
}
