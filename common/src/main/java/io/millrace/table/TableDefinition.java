package io.millrace.table;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What a table is from its first version on.
 *
 * @param name its folder below the lake: {@code features/bank}
 * @param description what it holds, for people
 * @param schema columns with their comments
 * @param partitionBy the column that its slices are told apart by; empty for one without slices
 * @param statistics columns whose least and greatest values stand in the log; never a key, since
 *     old logs would keep a person's id
 */
public record TableDefinition(
    String name,
    String description,
    StructType schema,
    Optional<String> partitionBy,
    List<String> statistics) {

  public TableDefinition {
    statistics = List.copyOf(statistics);
  }

  /** A nullable column with a comment. */
  public static StructField column(String name, DataType type, String comment) {
    return new StructField(name, type, true, Metadata.empty()).withComment(comment);
  }

  /**
   * The properties that every table has. Both retentions are set together and long: Spark refuses
   * versions older than either, whatever files exist, and a stranger's plain VACUUM then deletes
   * nothing. Statistics stay readable for Kernel in checkpoints.
   */
  Map<String, String> properties() {
    Map<String, String> properties = new TreeMap<>();
    properties.put("delta.logRetentionDuration", "interval 36500 days");
    properties.put("delta.deletedFileRetentionDuration", "interval 36500 days");
    properties.put("delta.enableExpiredLogCleanup", "false");
    properties.put("delta.checkpoint.writeStatsAsJson", "true");
    if (!statistics.isEmpty()) {
      properties.put("delta.dataSkippingStatsColumns", String.join(",", statistics));
    }
    return properties;
  }
}
