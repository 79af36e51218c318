package io.millrace.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.delta.DeltaConcurrentModificationException;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.DeltaOperations;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.FileAction;
import org.apache.spark.sql.delta.actions.Metadata;
import org.apache.spark.sql.delta.actions.SetTransaction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Publishes slices: one commit replaces the rows of the named slices, or adds rows under the
 * counter of one, by compare-and-swap.
 *
 * <p>Each slice has a counter in the log ({@code slice/<key>}). The caller resolved its inputs at a
 * counter; the transaction reads it again and registers that read, so a writer in between makes it
 * fail, before or at the commit, with {@link LostRaceException}. Delta's own transaction is used
 * since the writer's options take one counter a commit and skip a lost write in silence.
 */
public final class SlicePublisher {

  private SlicePublisher() {}

  /** What a commit did. */
  public record Published(long version, long rows) {}

  /** The counter of a slice in the log. */
  static String counterId(String key) {
    return "slice/" + key;
  }

  /** Stands at the slice's counter when the slice is the empty result of that run. */
  static String emptyId(String key, String runId) {
    return "empty/" + key + "/" + runId;
  }

  /**
   * Replaces the rows of slices.
   *
   * @param rows new rows; each with the partition column and {@code run_id}
   * @param expected the slices, as they were when the inputs were resolved
   * @param runIds the run of each slice, by its key
   * @throws LostRaceException where a slice has been written since
   */
  public static Published replace(
      Lake lake,
      TableDefinition definition,
      Dataset<Row> rows,
      List<SliceState> expected,
      Map<String, String> runIds,
      RunRow run) {
    return publish(lake, definition, rows, expected, runIds, run, true);
  }

  /** Adds rows under the counter of one slice, which need not be a partition. */
  public static Published append(
      Lake lake, TableDefinition definition, Dataset<Row> rows, SliceState expected, RunRow run) {
    return publish(lake, definition, rows, List.of(expected), Map.of(), run, false);
  }

  private static Published publish(
      Lake lake,
      TableDefinition definition,
      Dataset<Row> rows,
      List<SliceState> expected,
      Map<String, String> runIds,
      RunRow run,
      boolean replace) {
    TableCreation.ensure(lake, definition);
    DeltaLog log = DeltaLog.forTable(lake.spark(), lake.path(definition.name()).toString());
    try {
      OptimisticTransaction transaction = log.startTransaction();
      requireUnmoved(transaction, expected);
      StructType schema = widen(transaction, definition, rows.schema());
      List<Action> actions = new ArrayList<>();
      if (replace) {
        removals(lake, transaction, definition, expected).forEach(actions::add);
      }
      List<AddFile> added = write(transaction, rows, schema);
      actions.addAll(added);
      counters(expected, runIds, written(definition, added)).forEach(actions::add);
      long count = added.stream().mapToLong(SlicePublisher::rowsOf).sum();
      long version =
          transaction.commit(
              CollectionConverters.asScala(actions).toSeq(),
              operation(definition, run.finished(List.of(), count)));
      return new Published(version, count);
    } catch (DeltaConcurrentModificationException e) {
      throw new LostRaceException(definition.name() + ": " + e.getClass().getSimpleName(), e);
    }
  }

  private static void requireUnmoved(OptimisticTransaction transaction, List<SliceState> expected) {
    for (SliceState slice : expected) {
      long found = Math.max(0, transaction.txnVersion(counterId(slice.key())));
      if (found != slice.counter()) {
        throw new LostRaceException(
            slice.key() + ": counter " + found + ", expected " + slice.counter(), null);
      }
    }
  }

  /** The table's columns, with those added that only the new rows have. */
  private static StructType widen(
      OptimisticTransaction transaction, TableDefinition definition, StructType rows) {
    Metadata metadata = transaction.metadata();
    StructType schema = metadata.schema();
    Set<String> known = Set.of(schema.fieldNames());
    StructType wider = schema;
    for (StructField field : definition.schema().fields()) {
      if (!known.contains(field.name()) && rows.getFieldIndex(field.name()).isDefined()) {
        wider = wider.add(field);
      }
    }
    if (wider != schema) {
      transaction.updateMetadata(withSchema(metadata, wider), false);
    }
    return wider;
  }

  private static Metadata withSchema(Metadata metadata, StructType schema) {
    return metadata.copy(
        metadata.id(),
        metadata.name(),
        metadata.description(),
        metadata.format(),
        schema.json(),
        metadata.partitionColumns(),
        metadata.configuration(),
        metadata.createdTime());
  }

  private static List<Action> removals(
      Lake lake,
      OptimisticTransaction transaction,
      TableDefinition definition,
      List<SliceState> slices) {
    String keys =
        slices.stream().map(s -> "DATE'" + s.key() + "'").collect(Collectors.joining(", "));
    String predicate = "`" + definition.partitionBy().orElseThrow() + "` IN (" + keys + ")";
    Expression expression = parse(lake, predicate);
    var files =
        transaction.filterFiles(CollectionConverters.asScala(List.of(expression)).toSeq(), false);
    List<Action> removals = new ArrayList<>();
    CollectionConverters.asJava(files).forEach(file -> removals.add(file.remove()));
    return removals;
  }

  private static Expression parse(Lake lake, String predicate) {
    try {
      return ((org.apache.spark.sql.classic.SparkSession) lake.spark())
          .sessionState()
          .sqlParser()
          .parseExpression(predicate);
    } catch (ParseException e) {
      throw new IllegalStateException(predicate, e);
    }
  }

  private static List<AddFile> write(
      OptimisticTransaction transaction, Dataset<Row> rows, StructType schema) {
    List<Column> columns = new ArrayList<>();
    Set<String> present = Set.of(rows.columns());
    for (StructField field : schema.fields()) {
      columns.add(
          present.contains(field.name())
              ? functions.col("`" + field.name().replace("`", "``") + "`").as(field.name())
              : functions.lit(null).cast(field.dataType()).as(field.name()));
    }
    List<AddFile> added = new ArrayList<>();
    var files = transaction.writeFiles(rows.select(columns.toArray(Column[]::new)));
    for (FileAction file : CollectionConverters.asJava(files)) {
      AddFile add = (AddFile) file;
      // An empty partition leaves a file without rows, which would make a slice look mixed.
      if (rowsOf(add) != 0) {
        added.add(add);
      }
    }
    return added;
  }

  private static long rowsOf(AddFile file) {
    Option<Object> rows = file.numLogicalRecords();
    return rows.isDefined() ? (Long) rows.get() : -1;
  }

  private static Set<String> written(TableDefinition definition, List<AddFile> added) {
    Set<String> keys = new TreeSet<>();
    if (definition.partitionBy().isPresent()) {
      for (AddFile file : added) {
        keys.add(
            CollectionConverters.asJava(file.partitionValues())
                .get(definition.partitionBy().get()));
      }
    }
    return keys;
  }

  private static List<SetTransaction> counters(
      List<SliceState> slices, Map<String, String> runIds, Set<String> written) {
    Map<String, Long> counters = new TreeMap<>();
    for (SliceState slice : slices) {
      long next = slice.counter() + 1;
      counters.put(counterId(slice.key()), next);
      if (runIds.containsKey(slice.key()) && !written.contains(slice.key())) {
        counters.put(emptyId(slice.key(), runIds.get(slice.key())), next);
      }
    }
    Option<Object> now = Option.apply((Object) System.currentTimeMillis());
    return counters.entrySet().stream()
        .map(c -> new SetTransaction(c.getKey(), c.getValue(), now))
        .toList();
  }

  private static DeltaOperations.Operation operation(TableDefinition definition, RunRow run) {
    return new DeltaOperations.Write(
        SaveMode.Append,
        Option.apply(
            CollectionConverters.asScala(definition.partitionBy().stream().toList()).toSeq()),
        Option.empty(),
        Option.apply(run.json()),
        Option.empty(),
        Option.empty(),
        Option.empty(),
        Option.empty(),
        Option.empty());
  }
}
