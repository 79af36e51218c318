package io.millrace.report;

import java.util.List;
import java.util.Map;

/**
 * The rows of one pipeline's tables, as plain Java values: text, {@code Number}, {@code Boolean},
 * {@code LocalDate}, {@code Instant}, lists and maps.
 *
 * <p>Read are {@code runs}, {@code models}, {@code metrics}, {@code gates}, {@code promotions},
 * {@code releases}, {@code checks}, {@code profiles}, {@code leaks}, {@code drift}, {@code
 * verdicts}, {@code curves}; and {@link #QUARANTINE}, which is no table of that form.
 */
@FunctionalInterface
public interface ReportSource {

  /**
   * Samples of the rows that the page's date put into quarantine. Columns: {@code source}, {@code
   * rule}, {@code column}, {@code value}, {@code reason}, {@code row} as in {@code
   * quarantine/<source>}; {@code rows}: how many there are of this source, rule and column. A page
   * shows the first few of each.
   */
  String QUARANTINE = "quarantine";

  /**
   * All rows of the table: those of one run in the order in which it wrote them, runs in any order;
   * none where there is no such table yet.
   */
  List<Map<String, Object>> rows(String table);
}
