package io.millrace.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.UnavailableException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.SetTransaction;
import org.apache.spark.sql.functions;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/** The one commit that a merge makes in a table of its rehearsal. */
public final class MergeCommit {

  private final Lake rehearsal;
  private final String id;
  private final Optional<PinnedTable> ours;

  /**
   * @param id the merge
   * @param ours the table of main as the merge found it
   */
  public MergeCommit(Lake rehearsal, String id, Optional<PinnedTable> ours) {
    this.rehearsal = rehearsal;
    this.id = id;
    this.ours = ours;
  }

  /**
   * Takes files of the branch over as they are; none of their rows is read.
   *
   * @param removed names of files of ours that go
   * @param added names of files of the branch that come
   * @param run who says so
   */
  public void files(PinnedTable theirs, Set<String> removed, Set<String> added, RunRow run) {
    TableDefinition definition = theirs.definition();
    TableCreation.ensure(rehearsal, definition);
    PinnedTable now = rehearsal.newest(theirs.name()).orElseThrow();
    List<ObjectNode> actions = new ArrayList<>(List.of(info(run)));
    Set<String> touched = new TreeSet<>();
    for (ObjectNode action : LogActions.state(rehearsal, now)) {
      if (action.has("add") && removed.contains(nameOf(action))) {
        actions.add(LogActions.removal(action.get("add").path("path").asText(), true));
        touched.add(partition(definition, action));
      } else if (action.has("metaData") && adds(theirs, now)) {
        ObjectNode wider = action.deepCopy();
        ((ObjectNode) wider.get("metaData")).put("schemaString", theirs.schema().json());
        actions.add(wider);
      }
    }
    for (ObjectNode action : LogActions.state(rehearsal, theirs)) {
      if (action.has("add") && added.contains(nameOf(action))) {
        ((ObjectNode) action.get("add")).put("dataChange", true);
        actions.add(action);
        touched.add(partition(definition, action));
      }
    }
    counters(theirs, now, touched, added)
        .forEach(counter -> actions.add(LogActions.counted(counter, now.counter(counter) + 1)));
    if (!LogActions.write(
        rehearsal, Lake.commit(rehearsal.path(theirs.name()), now.version() + 1), actions)) {
      throw new UnavailableException(
          theirs.name() + ": the same merge is being made by another process; try again", null);
    }
  }

  /** Counters of the slices that move, of ingests, and of what the branch's files are known by. */
  private Set<String> counters(
      PinnedTable theirs, PinnedTable now, Set<String> touched, Set<String> added) {
    Set<String> counters = new TreeSet<>(Set.of(Landing.counter(id)));
    counters.add(SlicePublisher.counterId("ingest"));
    touched.forEach(key -> counters.add(SlicePublisher.counterId(key)));
    theirs.logFiles().stream()
        .filter(file -> added.contains(file.name()))
        .flatMap(file -> file.runIds().stream())
        .map(SlicePublisher::counterId)
        .filter(counter -> theirs.counter(counter) > 0 && now.counter(counter) == 0)
        .forEach(counters::add);
    return counters;
  }

  private static boolean adds(PinnedTable theirs, PinnedTable now) {
    Set<String> known = Set.of(now.schema().fieldNames());
    return !known.containsAll(List.of(theirs.schema().fieldNames()));
  }

  /**
   * Replaces all rows of some partitions.
   *
   * @param rows all rows of these partitions, merged; each run gets files of its own
   * @param partitions values of the partition column
   */
  public void rows(
      TableDefinition definition, Dataset<Row> rows, Collection<String> partitions, RunRow run) {
    Set<String> touched = new HashSet<>(partitions);
    String column = definition.partitionBy().orElseThrow();
    SlicePublisher.commit(
        rehearsal,
        definition,
        List.of(run),
        (transaction, reads) -> {
          List<Action> actions = new ArrayList<>();
          for (AddFile file : CollectionConverters.asJava(transaction.filterFiles())) {
            if (touched.contains(CollectionConverters.asJava(file.partitionValues()).get(column))) {
              actions.add(file.remove());
            }
          }
          for (Row of : rows.select(RawColumns.RUN_ID).distinct().collectAsList()) {
            actions.addAll(
                SlicePublisher.write(
                    transaction,
                    definition,
                    rows.where(
                        Columns.named(RawColumns.RUN_ID).eqNullSafe(functions.lit(of.get(0))))));
          }
          actions.add(moved(Landing.counter(id), 1));
          List<String> counters = new ArrayList<>(List.of(SlicePublisher.counterId("ingest")));
          new TreeSet<>(touched).forEach(key -> counters.add(SlicePublisher.counterId(key)));
          counters.forEach(counter -> actions.add(moved(counter, reads.counter(counter) + 1)));
          return actions;
        });
  }

  /**
   * The version that the table has with the merge, and -1 or that of before it.
   *
   * @throws UnavailableException where the rehearsal has lost the commit
   */
  public MergeLog.Move move(String table) {
    long before = ours.map(PinnedTable::version).orElse(-1L);
    PinnedTable made = rehearsal.newest(table).orElse(null);
    if (made == null || made.version() <= before || made.counter(Landing.counter(id)) == 0) {
      throw new UnavailableException(
          table + ": what the merge wrote was taken away meanwhile; merge again", null);
    }
    return new MergeLog.Move(table, before, made.version());
  }

  private static SetTransaction moved(String counter, long value) {
    return new SetTransaction(counter, value, Option.apply((Object) System.currentTimeMillis()));
  }

  private static String nameOf(ObjectNode add) {
    String path = add.get("add").path("path").asText();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static String partition(TableDefinition definition, ObjectNode add) {
    return add.get("add")
        .path("partitionValues")
        .path(definition.partitionBy().orElse(""))
        .asText("");
  }

  private static ObjectNode info(RunRow run) {
    ObjectNode action = LogActions.info("MERGE");
    ((ObjectNode) action.get("commitInfo")).put("userMetadata", RunRow.json(List.of(run)));
    return action;
  }
}
