package io.millrace.table;

import io.delta.kernel.Scan;
import io.delta.kernel.ScanBuilder;
import io.delta.kernel.Snapshot;
import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.millrace.UnavailableException;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Rows of a Delta table by Kernel, as plain Java values. For tables that fit in memory. */
final class KernelRows {

  private KernelRows() {}

  /**
   * The data files of a scan.
   *
   * @param state of the scan, for Kernel
   * @param logical the columns of a row
   * @param physical those that are read of each file
   * @param rows a file each, for Kernel
   * @param byValue those files by a partition column and its value; filled when it is asked for
   */
  record Files(
      Row state,
      StructType logical,
      StructType physical,
      List<Row> rows,
      Map<String, Map<String, List<Row>>> byValue) {

    /**
     * Whether a file's rows are the table's, less what its partition says as text. Then Kernel's
     * own way is passed by, which parses the table's schema for each file.
     */
    boolean isPlain(Row file) {
      Set<String> partition = InternalScanFileUtils.getPartitionValues(file).keySet();
      List<StructField> stored =
          logical.fields().stream().filter(f -> !partition.contains(f.getName())).toList();
      return InternalScanFileUtils.getDeletionVectorDescriptorFromRow(file) == null
          && stored.equals(physical.fields())
          && partition.stream()
              .allMatch(column -> logical.get(column).getDataType() instanceof StringType);
    }

    /** The files of one value of a partition column. */
    List<Row> of(String column, String value) {
      return byValue.computeIfAbsent(column, this::grouped).getOrDefault(value, List.of());
    }

    private Map<String, List<Row>> grouped(String column) {
      Map<String, List<Row>> files = new HashMap<>();
      for (Row file : rows) {
        String value = InternalScanFileUtils.getPartitionValues(file).get(column);
        files.computeIfAbsent(value, key -> new ArrayList<>()).add(file);
      }
      return files;
    }
  }

  /** The files of a snapshot, less those that a condition on partitions leaves out. */
  static Files files(
      Engine engine, Snapshot snapshot, Optional<io.delta.kernel.expressions.Predicate> filter) {
    ScanBuilder builder = snapshot.getScanBuilder();
    Scan scan = filter.map(builder::withFilter).orElse(builder).build();
    List<Row> rows = new ArrayList<>();
    try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine)) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> files = batches.next().getRows()) {
          files.forEachRemaining(rows::add);
        }
      }
    } catch (IOException e) {
      throw new UnavailableException(snapshot.getPath() + ": can't be read: " + e.getMessage(), e);
    }
    Row state = scan.getScanState(engine);
    return new Files(
        state,
        ScanStateRow.getLogicalSchema(state),
        ScanStateRow.getPhysicalDataReadSchema(state),
        rows,
        new ConcurrentHashMap<>());
  }

  /**
   * The rows of files; dates as {@link LocalDate}, timestamps as {@link Instant}, structs as maps.
   *
   * @param chosen some of the files
   */
  static List<Map<String, Object>> read(
      Engine engine, FileRows known, Files files, List<Row> chosen) {
    String columns = "|" + files.physical();
    List<Map<String, Object>> result = new ArrayList<>();
    for (Row file : chosen) {
      String path = InternalScanFileUtils.getAddFileStatus(file).getPath();
      FileRows.Read read = () -> readFile(engine, files, file);
      try {
        result.addAll(
            InternalScanFileUtils.getDeletionVectorDescriptorFromRow(file) == null
                ? known.of(path + columns, read)
                : read.rows());
      } catch (IOException e) {
        throw new UnavailableException(path + ": can't be read: " + e.getMessage(), e);
      }
    }
    return result;
  }

  private static List<Map<String, Object>> readFile(Engine engine, Files files, Row file)
      throws IOException {
    List<Map<String, Object>> result = new ArrayList<>();
    FileStatus status = InternalScanFileUtils.getAddFileStatus(file);
    boolean plain = files.isPlain(file);
    Map<String, String> partition = InternalScanFileUtils.getPartitionValues(file);
    CloseableIterator<ColumnarBatch> stored = physicalBatches(engine, status, files.physical());
    try (CloseableIterator<CloseableIterator<Row>> batches =
        plain
            ? stored.map(ColumnarBatch::getRows)
            : Scan.transformPhysicalData(engine, files.state(), file, stored)
                .map(FilteredColumnarBatch::getRows)) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> rows = batches.next()) {
          while (rows.hasNext()) {
            Row row = rows.next();
            result.add(
                Collections.unmodifiableMap(
                    plain ? row(row, files.logical(), partition) : row(row)));
          }
        }
      }
    }
    return result;
  }

  /** A file's row with the texts of its partition, in the order of the table's columns. */
  private static Map<String, Object> row(
      Row stored, StructType logical, Map<String, String> partition) {
    Map<String, Object> values = new LinkedHashMap<>();
    int next = 0;
    for (StructField field : logical.fields()) {
      String name = field.getName();
      if (partition.containsKey(name)) {
        values.put(name, partition.get(name));
      } else {
        values.put(name, stored.isNullAt(next) ? null : value(stored, next, field.getDataType()));
        next++;
      }
    }
    return values;
  }

  private static CloseableIterator<ColumnarBatch> physicalBatches(
      Engine engine, FileStatus status, StructType schema) throws IOException {
    return engine
        .getParquetHandler()
        .readParquetFiles(Utils.singletonCloseableIterator(status), schema, Optional.empty())
        .map(FileReadResult::getData);
  }

  /** The distinct texts of one column of one file. */
  static Set<String> distinct(Engine engine, FileStatus status, String column) throws IOException {
    StructType schema = new StructType().add(column, StringType.STRING);
    Set<String> found = new TreeSet<>();
    try (CloseableIterator<ColumnarBatch> batches = physicalBatches(engine, status, schema)) {
      while (batches.hasNext()) {
        ColumnVector vector = batches.next().getColumnVector(0);
        for (int i = 0; i < vector.getSize(); i++) {
          if (!vector.isNullAt(i)) {
            found.add(vector.getString(i));
          }
        }
      }
    }
    return found;
  }

  private static Map<String, Object> row(Row row) {
    return row(row, row.getSchema(), Map.of());
  }

  private static Object value(Row row, int i, DataType type) {
    if (type instanceof StringType) {
      return row.getString(i);
    } else if (type instanceof LongType) {
      return row.getLong(i);
    } else if (type instanceof IntegerType) {
      return row.getInt(i);
    } else if (type instanceof DoubleType) {
      return row.getDouble(i);
    } else if (type instanceof FloatType) {
      return row.getFloat(i);
    } else if (type instanceof BooleanType) {
      return row.getBoolean(i);
    } else if (type instanceof DateType) {
      return LocalDate.ofEpochDay(row.getInt(i));
    } else if (type instanceof TimestampType || type instanceof TimestampNTZType) {
      return Instant.EPOCH.plus(row.getLong(i), ChronoUnit.MICROS);
    } else if (type instanceof ArrayType) {
      return list(row.getArray(i));
    } else if (type instanceof MapType) {
      return map(row.getMap(i));
    } else if (type instanceof StructType) {
      return row(row.getStruct(i));
    }
    throw new IllegalStateException("no reading of type " + type);
  }

  private static List<Object> list(ArrayValue array) {
    ColumnVector elements = array.getElements();
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < array.getSize(); i++) {
      values.add(element(elements, i));
    }
    return values;
  }

  private static Map<String, Object> map(MapValue map) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < map.getSize(); i++) {
      values.put(map.getKeys().getString(i), element(map.getValues(), i));
    }
    return values;
  }

  private static Object element(ColumnVector vector, int i) {
    DataType type = vector.getDataType();
    if (vector.isNullAt(i)) {
      return null;
    } else if (type instanceof StringType) {
      return vector.getString(i);
    } else if (type instanceof LongType) {
      return vector.getLong(i);
    } else if (type instanceof DoubleType) {
      return vector.getDouble(i);
    } else if (type instanceof StructType struct) {
      Map<String, Object> values = new LinkedHashMap<>();
      for (int f = 0; f < struct.length(); f++) {
        values.put(struct.at(f).getName(), element(vector.getChild(f), i));
      }
      return values;
    }
    throw new IllegalStateException("no reading of elements of type " + type);
  }
}
