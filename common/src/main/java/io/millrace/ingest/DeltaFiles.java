package io.millrace.ingest;

import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.types.DataType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.millrace.DataException;
import io.millrace.config.SourceSpec.ColumnType;
import io.millrace.ingest.SourceFile.Constant;
import io.millrace.table.KernelEngine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The data files of a Delta table's newest version, read from its log. A data file is taken as a
 * plain Parquet file, so tables whose files aren't what their rows are get refused: deletion
 * vectors (a file's rows change under its name) and column mapping (its columns have other names).
 */
final class DeltaFiles {

  private DeltaFiles() {}

  static List<SourceFile> list(String table, Configuration hadoop) throws IOException {
    FileSystem fs = new Path(table).getFileSystem(hadoop);
    String root = fs.makeQualified(new Path(table)).toString();
    Engine engine = KernelEngine.of(hadoop);
    try {
      Snapshot snapshot = TableManager.loadSnapshot(root).build(engine);
      refuseColumnMapping(table, snapshot);
      List<SourceFile> files = new ArrayList<>();
      try (CloseableIterator<FilteredColumnarBatch> batches =
          snapshot.getScanBuilder().build().getScanFiles(engine)) {
        while (batches.hasNext()) {
          addAll(files, batches.next(), snapshot, root, table);
        }
      }
      if (files.isEmpty()) {
        throw new DataException(
            "%s: version %d of the table has no files".formatted(table, snapshot.getVersion()));
      }
      files.sort(Comparator.comparing(SourceFile::name));
      return List.copyOf(files);
    } catch (KernelException e) {
      throw new DataException(
          "%s: no Delta table that can be read: %s".formatted(table, e.getMessage()), e);
    }
  }

  private static void refuseColumnMapping(String table, Snapshot snapshot) {
    String mode = snapshot.getTableProperties().getOrDefault("delta.columnMapping.mode", "none");
    if (!mode.equals("none")) {
      throw new DataException(
          ("%s: the table maps its columns to other names in its files (column mapping %s);"
                  + " write it anew without, as in CREATE TABLE … AS SELECT")
              .formatted(table, mode));
    }
  }

  private static void addAll(
      List<SourceFile> files,
      FilteredColumnarBatch batch,
      Snapshot snapshot,
      String root,
      String table)
      throws IOException {
    try (CloseableIterator<Row> rows = batch.getRows()) {
      while (rows.hasNext()) {
        files.add(file(rows.next(), snapshot, root, table));
      }
    }
  }

  private static SourceFile file(Row scanFile, Snapshot snapshot, String root, String table) {
    if (InternalScanFileUtils.getDeletionVectorDescriptorFromRow(scanFile) != null) {
      throw new DataException(
          ("%s: the table has deleted rows in files that still hold them (deletion vectors);"
                  + " REORG TABLE … APPLY (PURGE) writes these files anew")
              .formatted(table));
    }
    FileStatus status = InternalScanFileUtils.getAddFileStatus(scanFile);
    String uri = new Path(status.getPath()).toString();
    String name = relative(uri, root);
    return new SourceFile(
        name,
        uri,
        status.getSize(),
        status.getModificationTime(),
        Optional.empty(),
        constants(InternalScanFileUtils.getPartitionValues(scanFile), snapshot));
  }

  private static String relative(String uri, String root) {
    String path = new Path(uri).toUri().getPath();
    String folder = new Path(root).toUri().getPath() + "/";
    return path.startsWith(folder) ? path.substring(folder.length()) : uri;
  }

  private static List<Constant> constants(Map<String, String> values, Snapshot snapshot) {
    return snapshot.getPartitionColumnNames().stream()
        .map(
            name ->
                new Constant(
                    name,
                    type(snapshot.getSchema().get(name).getDataType()),
                    Optional.ofNullable(values.get(name))))
        .toList();
  }

  private static ColumnType type(DataType type) {
    String name = type.toString();
    return switch (name) {
      case "byte", "short", "integer", "long" -> ColumnType.LONG;
      case "float", "double" -> ColumnType.DOUBLE;
      case "boolean" -> ColumnType.BOOLEAN;
      case "date" -> ColumnType.DATE;
      case "timestamp", "timestamp_ntz" -> ColumnType.TIMESTAMP;
      default -> name.startsWith("Decimal") ? ColumnType.DOUBLE : ColumnType.STRING;
    };
  }
}
