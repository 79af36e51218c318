package io.millrace.table;

import java.util.List;

/** The columns that Millrace adds to a raw table. */
public final class RawColumns {

  /** Run that brought the row. */
  public static final String RUN_ID = "run_id";

  /** Partition: UTC day of the source's time column, else the day of the snapshot or ingest. */
  public static final String DAY = "_day";

  /** Logical date of the ingest that brought the row. */
  public static final String INGESTED = "_ingested";

  /** File that the row came from. */
  public static final String FILE = "_file";

  /** Identity of the row: file, content or key, occurrence. */
  public static final String ROW_ID = "_row_id";

  /** Key of a source that has none. */
  public static final String KEY = "_key";

  private static final List<String> ALL = List.of(RUN_ID, DAY, INGESTED, FILE, ROW_ID, KEY);

  private RawColumns() {}

  /** Whether a column is ours rather than the source's. */
  public static boolean isOurs(String column) {
    return ALL.contains(column);
  }
}
