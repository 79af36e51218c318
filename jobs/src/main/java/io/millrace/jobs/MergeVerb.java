package io.millrace.jobs;

import io.millrace.Hashes;
import io.millrace.MillraceException;
import io.millrace.StoppedException;
import io.millrace.UnavailableException;
import io.millrace.branch.Branch;
import io.millrace.branch.Branches;
import io.millrace.branch.Conflict;
import io.millrace.branch.Sides;
import io.millrace.branch.TableMerge;
import io.millrace.branch.TableMerge.Merged;
import io.millrace.branch.TableMerge.Way;
import io.millrace.branch.Takes;
import io.millrace.config.CanonicalJson;
import io.millrace.jobs.console.Console;
import io.millrace.table.Lake;
import io.millrace.table.Landing;
import io.millrace.table.MergeLog.Intent;
import io.millrace.table.MergeLog.Move;
import io.millrace.table.PinnedTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Brings what a branch changed to main: compares, prepares the commits on a rehearsal, has the
 * checks judge them there, and lands them.
 */
final class MergeVerb {

  private static final int ID = 12;
  private static final int SHOWN = 50;

  private final io.millrace.jobs.cli.Merged asked;
  private final Lake main;
  private final Console console;
  private final Branches branches;
  private final MergedSources sources;

  MergeVerb(io.millrace.jobs.cli.Merged asked, Places.Opened opened, Console console) {
    this(asked, opened.lake(), new MergedSources(asked.place(), console), console);
  }

  MergeVerb(io.millrace.jobs.cli.Merged asked, Lake main, MergedSources sources, Console console) {
    this.asked = asked;
    this.main = main;
    this.console = console;
    this.branches = new Branches(main);
    this.sources = sources;
  }

  int run() {
    main.requireWritable();
    Landing.settle(main).ifPresent(console::warn);
    Branch branch = branches.named(asked.branch());
    Lake theirs = branches.open(branch);
    Takes takes = asked.take().map(Takes::of).orElse(Takes.none());
    Map<String, Long> versions = versions();
    List<TableMerge> merges = new ArrayList<>();
    try {
      for (String table : theirs.ownTables()) {
        if (isMerged(table) && theirs.latest(table).isPresent()) {
          merges.add(new TableMerge(sides(branch, theirs, versions, table)));
        }
      }
      if (isDropped(branch)) {
        throw dropped(null);
      }
      return merge(branch, theirs, merges, takes, versions);
    } catch (RuntimeException e) {
      throw !(e instanceof MillraceException) && isDropped(branch) ? dropped(e) : e;
    } finally {
      merges.forEach(TableMerge::close);
    }
  }

  /**
   * Whether somebody has dropped it since, so that a table may have been missed. Its record goes
   * first, so where that is there after tables were found, all of them were.
   */
  private boolean isDropped(Branch branch) {
    return branches.find(branch.name()).filter(now -> now.id().equals(branch.id())).isEmpty();
  }

  private UnavailableException dropped(RuntimeException cause) {
    return new UnavailableException(
        "merge %s: the branch was dropped while it was read; nothing more of it can land"
            .formatted(asked.branch()),
        cause);
  }

  /** Rows that people bring; what is made of them is made anew on main. */
  private static boolean isMerged(String table) {
    return table.startsWith("raw/") || table.startsWith("quarantine/");
  }

  private Map<String, Long> versions() {
    Map<String, Long> versions = new TreeMap<>();
    main.tables()
        .forEach(name -> main.latest(name).ifPresent(found -> versions.put(name, found.version())));
    return versions;
  }

  private Sides sides(Branch branch, Lake theirs, Map<String, Long> versions, String table) {
    PinnedTable now = theirs.latest(table).orElseThrow();
    return new Sides(
        Optional.ofNullable(branch.versions().get(table)).map(at -> main.at(table, at)),
        Optional.ofNullable(versions.get(table)).map(at -> main.at(table, at)),
        now,
        sources.key(table, now.schema()));
  }

  private int merge(
      Branch branch,
      Lake theirs,
      List<TableMerge> merges,
      Takes takes,
      Map<String, Long> versions) {
    List<Conflict> conflicts = merges.stream().flatMap(one -> one.conflicts().stream()).toList();
    asked.out().ifPresent(file -> Takes.write(file, conflicts));
    List<Conflict> open = takes.open(conflicts);
    if (!open.isEmpty()) {
      return conflicts(open);
    }
    Landing landing = new Landing(main);
    String id = landing.attempt(id(branch, merges, takes.text(conflicts)));
    String folder = Landing.begin(main, id);
    Lake rehearsal = main.branch(folder, versions);
    try {
      Map<TableMerge, Merged> made = new LinkedHashMap<>();
      for (TableMerge merge : merges) {
        made.put(merge, merge.commit(rehearsal, id, takes, sources.run(merge, theirs, main, id)));
      }
      tell(made);
      List<Move> moves = made.values().stream().flatMap(one -> one.move().stream()).toList();
      if (!moves.isEmpty()) {
        sources.check(made, rehearsal);
      }
      if (moves.isEmpty() || asked.dryRun()) {
        console.info(
            "merge %s: %s"
                .formatted(
                    asked.branch(),
                    moves.isEmpty() ? "main holds all of it" : "a dry run, nothing has landed"));
        return 0;
      }
      landing.land(new Intent(id, asked.branch(), folder, moves));
      console.info("merge %s: landed as %s".formatted(asked.branch(), id));
      stays(theirs);
      return 0;
    } catch (RuntimeException e) {
      // Whatever is said then is of what was missing.
      throw !landing.mayBeOpen() && Landing.isGone(main, folder)
          ? new UnavailableException(
              "merge %s: what it had prepared was taken away meanwhile, as an erasure does; merge again"
                  .formatted(asked.branch()),
              e)
          : e;
    } finally {
      if (!landing.mayBeOpen()) {
        Landing.discard(main, folder);
      }
    }
  }

  private int conflicts(List<Conflict> open) {
    List<List<Object>> cells = new ArrayList<>();
    for (Conflict conflict : open.subList(0, Math.min(SHOWN, open.size()))) {
      List<Object> row = new ArrayList<>();
      row.add(conflict.table());
      row.add(conflict.key());
      row.add(conflict.column());
      row.add(conflict.base());
      row.add(conflict.ours());
      row.add(conflict.theirs());
      row.add(Takes.by(conflict.oursBy()));
      row.add(Takes.by(conflict.theirsBy()));
      cells.add(row);
    }
    console.table(
        List.of("table", "key", "column", "base", "ours", "theirs", "ours_by", "theirs_by"), cells);
    String said =
        "merge %s: %,d cell%s changed on both sides"
            .formatted(asked.branch(), open.size(), open.size() == 1 ? " was" : "s were");
    if (asked.dryRun()) {
      console.info(said);
      return 0;
    }
    throw new StoppedException(
        said
            + "; nothing has landed\n"
            + "take one side by --take ours or --take theirs, or write them by `merge "
            + asked.branch()
            + " --dry-run --out FILE`, fill in the column take, and --take FILE");
  }

  /** A function of what is merged; the same merge again is the same. */
  private static String id(Branch branch, List<TableMerge> merges, String taken) {
    List<Object> parts = new ArrayList<>(List.of(branch.name(), taken));
    parts.add(branch.createdAt().toString());
    for (TableMerge merge : merges) {
      Sides sides = merge.sides();
      parts.add(
          List.of(
              merge.table(),
              sides.base().map(PinnedTable::version).orElse(-1L),
              sides.ours().map(PinnedTable::version).orElse(-1L),
              sides.theirs().version()));
    }
    return Hashes.sha256Hex(CanonicalJson.of(parts)).substring(0, ID);
  }

  private void tell(Map<TableMerge, Merged> made) {
    List<List<Object>> cells = new ArrayList<>();
    made.forEach(
        (merge, merged) -> {
          Way way = merged.move().isEmpty() ? Way.NOTHING : merge.way();
          cells.add(
              List.of(
                  merge.table(),
                  way.name().toLowerCase(Locale.ROOT),
                  merged.added(),
                  merged.removed(),
                  merged.changed(),
                  merge.conflicts().size()));
        });
    if (!cells.isEmpty()) {
      console.table(
          List.of("table", "merged_by", "added", "removed", "changed", "conflicts_taken"), cells);
    }
  }

  /** What isn't merged is said, with what makes it on main. */
  private void stays(Lake theirs) {
    List<String> rest = theirs.ownTables().stream().filter(table -> !isMerged(table)).toList();
    if (!rest.isEmpty()) {
      console.info("stays on the branch: " + String.join(", ", rest));
    }
    sources
        .pipelines()
        .forEach(
            name ->
                console.info(
                    "what was made of these rows is stale: `millrace backfill %s --stale`, then `millrace run %s`"
                        .formatted(name, name)));
  }
}
