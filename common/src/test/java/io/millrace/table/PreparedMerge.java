package io.millrace.table;

import static io.millrace.branch.RawLake.DAY;
import static io.millrace.branch.RawLake.DEFINITION;
import static io.millrace.branch.RawLake.publish;

import io.millrace.branch.RawLake;
import io.millrace.table.MergeLog.Intent;
import io.millrace.table.MergeLog.Move;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A merge of two tables, of which one loses a file by it, and processes that die landing it. */
public final class PreparedMerge {

  public static final String OTHER = "quarantine/members";
  static final String ID = "0123456789ab";

  private PreparedMerge() {}

  /** What a process that dies leaves undone. */
  public static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Two tables of main, and commits of either that are ready to land. */
  public static Intent of(RawLake lake) {
    publish(lake.main, "a", DAY, "Ulm");
    other(lake.main, "x", 1);
    Map<String, Long> versions = new TreeMap<>();
    lake.main
        .tables()
        .forEach(name -> versions.put(name, lake.main.latest(name).orElseThrow().version()));
    Lake branch = lake.main.branch("_branches/trial", versions);
    publish(branch, "b", DAY, "Bonn");
    other(branch, "y", 2);
    return of(lake, branch, versions);
  }

  /** The same merge as one more process makes it. */
  static Intent of(RawLake lake, Lake branch, Map<String, Long> versions) {
    String folder = Landing.begin(lake.main, ID);
    Lake rehearsal = lake.main.branch(folder, versions);
    List<Move> moves =
        List.of(
            move(lake.main, rehearsal, branch, OTHER),
            move(lake.main, rehearsal, branch, RawLake.TABLE));
    return new Intent(ID, "trial", folder, moves);
  }

  /** The same merge in an order in which the table that loses a file is the first to land. */
  public static Intent rawFirst(Intent intent) {
    List<Move> moves =
        intent.moves().stream().sorted(Comparator.comparing(Move::table).reversed()).toList();
    return new Intent(intent.id(), intent.branch(), intent.rehearsal(), moves);
  }

  /** A landing that is killed after a step: "files", "intent", a table, "landed". */
  public static Landing dying(Lake main, String step) {
    return new Landing(
        main,
        done -> {
          if (done.equals(step)) {
            throw new Killed();
          }
        });
  }

  /** A commit of no rows by a process that knows nothing of merges. */
  public static void appendNothing(Lake stranger, String table) {
    SlicePublisher.append(
        stranger,
        stranger.newest(table).orElseThrow().definition(),
        stranger.newest(table).orElseThrow().read().limit(0),
        "stranger",
        0,
        List.of(RawLake.runRow("s", "ingest", DAY)));
  }

  private static void other(Lake lake, String run, int rows) {
    TableDefinition definition =
        new TableDefinition(
            OTHER,
            "Refused",
            DEFINITION.schema(),
            DEFINITION.partitionBy(),
            DEFINITION.statistics());
    publish(lake, run, "2026-04-01", "A", "B");
    SlicePublisher.append(
        lake,
        definition,
        lake.latest(RawLake.TABLE).orElseThrow().read().limit(rows),
        run,
        0,
        List.of(RawLake.runRow(run, "ingest", DAY)));
  }

  private static Move move(Lake main, Lake rehearsal, Lake branch, String table) {
    PinnedTable theirs = branch.latest(table).orElseThrow();
    Optional<PinnedTable> ours = main.latest(table);
    MergeCommit commit = new MergeCommit(rehearsal, ID, ours);
    RunRow run = RawLake.runRow("m", "merge", DAY);
    commit.files(
        theirs,
        names(ours.orElseThrow(), theirs),
        names(theirs, ours.orElseThrow()),
        new RunRow(
            "m",
            "club",
            "merge",
            run.date(),
            "done",
            run.startedAt(),
            run.endedAt(),
            "s",
            "c",
            List.of(),
            List.of(),
            0,
            0,
            0,
            "",
            List.of(new SourceFileEntry("members", "more.csv", 1, 1, "e", "", "y"))));
    return commit.move(table);
  }

  private static Set<String> names(PinnedTable table, PinnedTable beside) {
    return table.filesBeside(beside).stream().map(DataFile::name).collect(Collectors.toSet());
  }
}
