package io.millrace.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Rows by what they were and what they were predicted to be.
 *
 * @param classes names; a row of {@code cells} per true class, a cell per predicted one
 */
record Confusion(List<String> classes, List<List<Cell>> cells, int left) {

  private static final int MOST_CLASSES = 12;
  private static final int SHADES = 9;

  /**
   * A count, its share of the rows of the true class, and how dark it is drawn, 0 to 9.
   *
   * @param right whether predicted as it was
   */
  record Cell(double rows, double share, int shade, boolean right) {}

  /**
   * From rows of {@code curves}: {@code x} index of the true class, {@code y} of the predicted one,
   * {@code label} the true class's name where x = y, {@code rows} the count.
   */
  static Optional<Confusion> of(List<Row> curves) {
    List<Row> rows = curves.stream().filter(row -> row.text("curve").equals("confusion")).toList();
    TreeSet<Integer> indices = new TreeSet<>();
    rows.forEach(row -> indices.add((int) row.number("x")));
    if (indices.isEmpty()) {
      return Optional.empty();
    }
    List<Integer> shown = indices.stream().limit(MOST_CLASSES).toList();
    List<String> names = new ArrayList<>();
    List<List<Cell>> cells = new ArrayList<>();
    for (int truth : shown) {
      double all = indices.stream().mapToDouble(k -> count(rows, truth, k)).sum();
      names.add(name(rows, truth));
      cells.add(shown.stream().map(k -> cell(count(rows, truth, k), all, truth == k)).toList());
    }
    return Optional.of(new Confusion(names, cells, indices.size() - shown.size()));
  }

  private static Cell cell(double rows, double all, boolean right) {
    double share = all > 0 ? rows / all : 0;
    return new Cell(rows, share, (int) Math.round(SHADES * share), right);
  }

  private static double count(List<Row> rows, int truth, int predicted) {
    return rows.stream()
        .filter(row -> row.number("x") == truth && row.number("y") == predicted)
        .mapToDouble(row -> row.number("rows"))
        .sum();
  }

  private static String name(List<Row> rows, int truth) {
    return rows.stream()
        .filter(row -> row.number("x") == truth && row.number("y") == truth)
        .map(row -> row.text("label"))
        .findFirst()
        .orElse(String.valueOf(truth));
  }
}
