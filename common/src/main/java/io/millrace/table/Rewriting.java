package io.millrace.table;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.SetTransaction;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Writes some files of a table anew without the rows of a person, in one commit. Each row keeps its
 * run and each run its own files, so no slice becomes stale; the counters of the slices move, so
 * that whoever writes them at the same time loses.
 */
public final class Rewriting {

  /** The counter of a table's erasures. */
  static final String ERASURES = "erasure";

  private static final String INGEST = "ingest";

  private Rewriting() {}

  /**
   * What a commit did.
   *
   * @param version the version written
   * @param files how many files were written anew
   * @param rows how many rows are gone
   */
  public record Rewritten(long version, int files, long rows) {}

  /**
   * Rewrites files of the newest version.
   *
   * @param names names of the files; those that aren't of this version are passed over
   * @param body what becomes of their rows
   * @throws LostRaceException where somebody has written since the table was pinned
   */
  public static Rewritten of(
      Lake lake, PinnedTable table, Set<String> names, UnaryOperator<Dataset<Row>> body) {
    List<DataFile> files =
        table.logFiles().stream()
            .filter(file -> !table.isPlain() || names.contains(file.name()))
            .toList();
    boolean any = files.stream().anyMatch(file -> names.contains(file.name()));
    List<DataFile> old = any ? files : List.of();
    TableDefinition definition = definition(table);
    SlicePublisher.Published published =
        SlicePublisher.commit(
            lake,
            definition,
            List.of(),
            (transaction, reads) -> {
              if (transaction.readVersion() != table.version()) {
                throw new LostRaceException(table.name() + ": written since it was pinned", null);
              }
              Set<String> paths = new HashSet<>();
              old.forEach(file -> paths.add(file.logPath()));
              List<Action> actions = new ArrayList<>();
              for (AddFile file : CollectionConverters.asJava(transaction.filterFiles())) {
                if (paths.contains(file.path())) {
                  actions.add(file.remove());
                }
              }
              List<AddFile> added = new ArrayList<>();
              if (!old.isEmpty()) {
                Dataset<Row> rows = body.apply(read(lake, table, old));
                for (Dataset<Row> part : byRun(rows, old)) {
                  added.addAll(SlicePublisher.write(transaction, definition, part));
                }
              }
              actions.addAll(counters(reads, table, definition, old, added));
              actions.addAll(added);
              return actions;
            });
    long before = old.stream().mapToLong(DataFile::rows).sum();
    return new Rewritten(published.version(), old.size(), before - published.rows());
  }

  private static TableDefinition definition(PinnedTable table) {
    return new TableDefinition(table.name(), "", new StructType(), table.partitionBy(), List.of());
  }

  private static Dataset<Row> read(Lake lake, PinnedTable table, List<DataFile> files) {
    return table.isPlain()
        ? PinnedRelation.read(lake, table.folder(), table.version(), files)
        : table.read();
  }

  private static List<Dataset<Row>> byRun(Dataset<Row> rows, List<DataFile> files) {
    Set<String> runs = new TreeSet<>();
    files.forEach(file -> runs.addAll(file.runIds()));
    if (runs.isEmpty()) {
      return List.of(rows);
    }
    Column run = Columns.named(RawColumns.RUN_ID);
    return runs.stream().map(id -> rows.where(run.equalTo(id))).toList();
  }

  /** Of a slice that has no rows any more the counter says which run's empty result it is. */
  private static List<Action> counters(
      TransactionReads reads,
      PinnedTable table,
      TableDefinition definition,
      List<DataFile> old,
      List<AddFile> added) {
    List<Action> counters = new ArrayList<>();
    counters.add(set(ERASURES, reads.counter(ERASURES) + 1));
    long ingest = reads.counter(SlicePublisher.counterId(INGEST));
    if (ingest > 0) {
      counters.add(set(SlicePublisher.counterId(INGEST), ingest + 1));
    }
    Optional<String> partition = definition.partitionBy();
    if (partition.isEmpty()) {
      return counters;
    }
    Map<String, Set<String>> runs = new TreeMap<>();
    for (DataFile file : old) {
      String key = String.valueOf(file.partition().get(partition.get()));
      runs.computeIfAbsent(key, any -> new TreeSet<>()).addAll(file.runIds());
    }
    Set<String> kept = kept(table, partition.get(), old, added);
    runs.forEach(
        (key, ids) -> {
          long counter = reads.counter(SlicePublisher.counterId(key));
          if (counter > 0) {
            counters.add(set(SlicePublisher.counterId(key), counter + 1));
            if (!kept.contains(key)) {
              ids.forEach(id -> counters.add(set(SlicePublisher.emptyId(key, id), counter + 1)));
            }
          }
        });
    return counters;
  }

  /** Slices that still have rows. */
  private static Set<String> kept(
      PinnedTable table, String partition, List<DataFile> old, List<AddFile> added) {
    Set<String> kept = new HashSet<>();
    table.logFiles().stream()
        .filter(file -> !old.contains(file))
        .forEach(file -> kept.add(String.valueOf(file.partition().get(partition))));
    added.forEach(
        file -> kept.add(CollectionConverters.asJava(file.partitionValues()).get(partition)));
    return kept;
  }

  private static SetTransaction set(String id, long counter) {
    return new SetTransaction(id, counter, Option.apply((Object) System.currentTimeMillis()));
  }
}
