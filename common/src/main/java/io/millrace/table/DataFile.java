package io.millrace.table;

import java.util.Map;
import java.util.Set;

/**
 * One live file of a pinned table, as the log tells it.
 *
 * @param logPath path as the log writes it: relative to the table, escaped
 * @param modified when it was written, in milliseconds since 1970
 * @param vector whether rows of it are deleted by a deletion vector
 * @param partition partition values by column; dates are ISO text
 * @param rows rows in the file
 * @param runIds the runs whose rows it holds; one, but where somebody has compacted the table
 * @param minimums least values by column, where the log has them
 */
public record DataFile(
    String path,
    String logPath,
    long bytes,
    long modified,
    boolean vector,
    Map<String, String> partition,
    long rows,
    Set<String> runIds,
    Map<String, String> minimums) {

  public DataFile {
    partition = Map.copyOf(partition);
    runIds = Set.copyOf(runIds);
    minimums = Map.copyOf(minimums);
  }

  /** The same file with other ids for its runs. */
  DataFile withRunIds(Set<String> others) {
    return new DataFile(path, logPath, bytes, modified, vector, partition, rows, others, minimums);
  }

  /** The last part of the path, which no two writes share. */
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
