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
  List<Map<String, Object>> of(String key, Read read) throws IOException {
    List<Map<String, Object>> known = known(key);
    return known == null ? keep(key, List.copyOf(read.rows())) : known;
  }

  private synchronized List<Map<String, Object>> known(String key) {
    return files.get(key);
  }

  /** Of two that read a file at once the second one's rows are the first one's. */
  private synchronized List<Map<String, Object>> keep(String key, List<Map<String, Object>> read) {
    List<Map<String, Object>> before = files.putIfAbsent(key, read);
    if (before != null) {
      return before;
    }
    rows += read.size();
    forget();
    return read;
  }

  private void forget() {
    Iterator<List<Map<String, Object>>> eldest = files.values().iterator();
    while (rows > MOST_ROWS && eldest.hasNext()) {
      rows -= eldest.next().size();
      eldest.remove();
    }
  }
}
