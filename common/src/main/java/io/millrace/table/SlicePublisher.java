package io.millrace.table;

import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
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
 * Publishes slices by compare-and-swap: one commit replaces the rows of the named slices, or adds
 * rows under a counter.
 *
 * <p>The caller resolved its inputs against slices as they were; the transaction looks at them
 * again and registers that it read their counters ({@code slice/<key>}), so a writer in between
 * makes it fail, before or at the commit, with {@link LostRaceException}. Delta's own transaction
 * is used since the writer's options take one counter a commit and skip a lost write in silence.
 */
public final class SlicePublisher {

  private static final String EMPTY = "empty/";

  private SlicePublisher() {}

  /**
   * What a commit did.
   *
   * @param runs the runs with the rows and the version that they wrote
   */
  public record Published(long version, long rows, List<RunRow> runs) {
    public Published {
      runs = List.copyOf(runs);
    }
  }

  /** The counter of a slice in the log. */
  static String counterId(String key) {
    return "slice/" + key;
  }

  /** Stands at the slice's counter when the slice is the empty result of that run. */
  static String emptyId(String key, String runId) {
    return EMPTY + key + "/" + runId;
  }

  /** Slices that are the empty result of a run, by key, with that run. */
  static Map<String, String> emptied(Map<String, Long> counters) {
    Map<String, String> emptied = new TreeMap<>();
    counters.forEach(
        (id, counter) -> {
          if (id.startsWith(EMPTY)) {
            String key = id.substring(EMPTY.length(), id.lastIndexOf('/'));
            if (counter.equals(counters.get(counterId(key)))) {
              emptied.put(key, id.substring(id.lastIndexOf('/') + 1));
            }
          }
        });
    return emptied;
  }

  /**
   * Replaces the rows of slices.
   *
   * @param rows new rows; each with the partition column and {@code run_id}
   * @param expected the slices, as they were when the inputs were resolved
   * @param runs the run of each slice; its date is the slice's key
   * @throws LostRaceException where a slice has been written since
   */
  public static Published replace(
      Lake lake,
      TableDefinition definition,
      Dataset<Row> rows,
      List<SliceState> expected,
      List<RunRow> runs) {
    return commit(
        lake,
        definition,
        runs,
        (transaction, reads) -> {
          List<Action> actions = new ArrayList<>(removals(reads, expected));
          List<AddFile> added = write(transaction, definition, rows);
          actions.addAll(counters(reads, definition, expected, runs, added));
          actions.addAll(added);
          return actions;
        });
  }

  /** Takes all rows out of slices. */
  public static Published drop(
      Lake lake, TableDefinition definition, List<SliceState> expected, List<RunRow> runs) {
    return commit(
        lake,
        definition,
        runs,
        (transaction, reads) -> {
          List<Action> actions = new ArrayList<>(removals(reads, expected));
          actions.addAll(counters(reads, definition, expected, List.of(), List.of()));
          return actions;
        });
  }

  /**
   * Adds rows.
   *
   * @param key the counter's name
   * @param counter its value when the inputs were resolved; 0 where it has never moved
   * @throws LostRaceException where the counter has moved since
   */
  public static Published append(
      Lake lake,
      TableDefinition definition,
      Dataset<Row> rows,
      String key,
      long counter,
      List<RunRow> runs) {
    return commit(
        lake,
        definition,
        runs,
        (transaction, reads) -> {
          long found = reads.counter(counterId(key));
          if (found != counter) {
            throw new LostRaceException(key + ": counter " + found + ", expected " + counter, null);
          }
          List<Action> actions = new ArrayList<>(write(transaction, definition, rows));
          actions.add(set(counterId(key), counter + 1));
          return actions;
        });
  }

  /** The counter of {@link #append} at a pinned version. */
  public static long counter(PinnedTable table, String key) {
    return table.counter(counterId(key));
  }

  static Published commit(
      Lake lake,
      TableDefinition definition,
      List<RunRow> runs,
      BiFunction<OptimisticTransaction, TransactionReads, List<Action>> body) {
    TableCreation.ensure(lake, definition);
    DeltaLog log = DeltaLog.forTable(lake.spark(), lake.path(definition.name()).toString());
    try {
      OptimisticTransaction transaction = log.startTransaction();
      List<Action> actions =
          body.apply(transaction, new TransactionReads(lake, definition, transaction));
      List<AddFile> added = added(actions);
      List<RunRow> counted = counted(definition, runs, added);
      long version =
          transaction.commit(
              CollectionConverters.asScala(actions).toSeq(), operation(definition, counted));
      TableVersion output = new TableVersion(definition.name(), version);
      return new Published(
          version,
          added.stream().mapToLong(SlicePublisher::rowsOf).sum(),
          counted.stream().map(r -> r.finished(List.of(output), r.rowsOut())).toList());
    } catch (ConcurrentModificationException e) {
      throw new LostRaceException(definition.name() + ": " + e.getClass().getSimpleName(), e);
    }
  }

  private static List<AddFile> added(List<Action> actions) {
    List<AddFile> added = new ArrayList<>();
    for (Action action : actions) {
      if (action instanceof AddFile file) {
        added.add(file);
      }
    }
    return added;
  }

  /** Each run with the rows of its slice; a single run has all rows. */
  private static List<RunRow> counted(
      TableDefinition definition, List<RunRow> runs, List<AddFile> added) {
    if (runs.isEmpty()) {
      return runs;
    }
    if (runs.size() == 1) {
      long rows = added.stream().mapToLong(SlicePublisher::rowsOf).sum();
      return List.of(runs.get(0).written(rows));
    }
    Map<String, Long> rows = new TreeMap<>();
    added.forEach(file -> rows.merge(partition(definition, file), rowsOf(file), Long::sum));
    return runs.stream()
        .map(run -> run.written(rows.getOrDefault(run.date().toString(), 0L)))
        .toList();
  }

  private static String partition(TableDefinition definition, AddFile file) {
    return CollectionConverters.asJava(file.partitionValues())
        .get(definition.partitionBy().orElseThrow());
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

  static Metadata withSchema(Metadata metadata, StructType schema) {
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

  private static List<Action> removals(TransactionReads reads, List<SliceState> slices) {
    List<String> keys = slices.stream().map(SliceState::key).toList();
    List<Action> removals = new ArrayList<>();
    Set<String> found = new TreeSet<>();
    for (AddFile file : reads.files(keys)) {
      removals.add(file.remove());
      found.add(file.path().substring(file.path().lastIndexOf('/') + 1));
    }
    Set<String> resolved =
        slices.stream().flatMap(s -> s.files().stream()).collect(Collectors.toSet());
    if (!found.equals(resolved)) {
      throw new LostRaceException(
          String.join(", ", keys) + ": written since its inputs were resolved", null);
    }
    return removals;
  }

  static List<AddFile> write(
      OptimisticTransaction transaction, TableDefinition definition, Dataset<Row> rows) {
    StructType schema = widen(transaction, definition, rows.schema());
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

  private static List<SetTransaction> counters(
      TransactionReads reads,
      TableDefinition definition,
      List<SliceState> slices,
      List<RunRow> runs,
      List<AddFile> added) {
    Set<String> written =
        added.stream().map(file -> partition(definition, file)).collect(Collectors.toSet());
    List<SetTransaction> counters = new ArrayList<>();
    for (SliceState slice : slices) {
      long next = reads.counter(counterId(slice.key())) + 1;
      counters.add(set(counterId(slice.key()), next));
      if (!written.contains(slice.key())) {
        runs.stream()
            .filter(run -> run.date().toString().equals(slice.key()))
            .forEach(run -> counters.add(set(emptyId(slice.key(), run.runId()), next)));
      }
    }
    return counters;
  }

  private static SetTransaction set(String id, long counter) {
    return new SetTransaction(id, counter, Option.apply((Object) System.currentTimeMillis()));
  }

  private static DeltaOperations.Operation operation(
      TableDefinition definition, List<RunRow> runs) {
    return new DeltaOperations.Write(
        SaveMode.Append,
        Option.apply(
            CollectionConverters.asScala(definition.partitionBy().stream().toList()).toSeq()),
        Option.empty(),
        Option.apply(RunRow.json(runs)),
        Option.empty(),
        Option.empty(),
        Option.empty(),
        Option.empty(),
        Option.empty());
  }
}
