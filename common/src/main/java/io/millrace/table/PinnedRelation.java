package io.millrace.table;

import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.Metadata;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import scala.Option;

/** A pinned version as a Spark relation over the files that the pin knows. */
final class PinnedRelation {

  private PinnedRelation() {}

  static Dataset<Row> read(Lake lake, Path path, long version, List<DataFile> files) {
    var spark = (org.apache.spark.sql.classic.SparkSession) lake.spark();
    DeltaLog log = DeltaLog.forTable(spark, path.toString());
    Snapshot snapshot = snapshot(log, version);
    Metadata metadata = snapshot.metadata();
    return spark.baseRelationToDataFrame(
        new HadoopFsRelation(
            new PinnedFileIndex(spark, log, path, snapshot, files),
            metadata.partitionSchema(),
            metadata.schema(),
            Option.empty(),
            log.fileFormat(snapshot.protocol(), metadata),
            metadata.format().options(),
            spark));
  }

  /** The log's snapshot of a version; one that is in memory where it is the one. */
  private static Snapshot snapshot(DeltaLog log, long version) {
    Snapshot newest = log.unsafeVolatileSnapshot();
    if (newest.version() < version) {
      newest = log.update(false, Option.empty(), Option.empty());
    }
    return newest.version() == version
        ? newest
        : log.getSnapshotAt(version, Option.empty(), Option.empty(), false);
  }
}
