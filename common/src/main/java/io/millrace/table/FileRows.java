package io.millrace.table;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of data files that were read last: a file never changes, and the small tables are looked
 * at many times in a night while each stage adds a file.
 */
final class FileRows {

  private static final int MOST_ROWS = 50_000;

  private final Map<String, List<Map<String, Object>>> files = new LinkedHashMap<>(64, 0.75f, true);
  private int rows;

  /** Reads a file. */
  interface Read {
    List<Map<String, Object>> rows() throws IOException;
  }

  /**
   * The rows of a file.
   *
   * @param key its path, and what was read of it
   */
  synchronized List<Map<String, Object>> of(String key, Read read) throws IOException {
    List<Map<String, Object>> known = files.get(key);
    if (known == null) {
      known = List.copyOf(read.rows());
      files.put(key, known);
      rows += known.size();
      forget();
    }
    return known;
  }

  private void forget() {
    Iterator<List<Map<String, Object>>> eldest = files.values().iterator();
    while (rows > MOST_ROWS && eldest.hasNext()) {
      rows -= eldest.next().size();
      eldest.remove();
    }
  }
}
