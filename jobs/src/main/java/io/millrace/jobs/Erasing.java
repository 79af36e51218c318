package io.millrace.jobs;

import static java.util.stream.Collectors.toSet;
import static org.apache.spark.sql.functions.not;

import io.millrace.UnavailableException;
import io.millrace.erase.ErasureKey;
import io.millrace.erase.LakeSearch.Hit;
import io.millrace.erase.Receipts;
import io.millrace.erase.Receipts.Entry;
import io.millrace.erase.Subject;
import io.millrace.erase.Texts;
import io.millrace.erase.Tombstones;
import io.millrace.jobs.console.Console;
import io.millrace.table.Attempts;
import io.millrace.table.FileLedger;
import io.millrace.table.Forgetting;
import io.millrace.table.Forgetting.Forgotten;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import io.millrace.table.Rewriting;
import io.millrace.table.Rewriting.Rewritten;
import io.millrace.table.RunIndex;
import io.millrace.table.TableHistory;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Does what a plan says. Each step can be repeated; a killed erasure is ended by the next one. */
final class Erasing {

  /** A file that no version knows may belong to a run that is about to commit it. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  private final Lake lake;
  private final Subject subject;
  private final String reason;
  private final Console console;
  private final Receipts receipts;
  private final String id;
  private final Set<String> mention;
  private final Consumer<String> after;

  /**
   * @param mention tables in which a cell that is the value only mentions the person
   * @param after is told of each step that ended; a test ends the erasure there
   */
  Erasing(
      Lake lake,
      Subject subject,
      String reason,
      String id,
      Console console,
      Set<String> mention,
      Consumer<String> after) {
    this.lake = lake;
    this.subject = subject;
    this.reason = reason;
    this.id = id;
    this.console = console;
    this.receipts = new Receipts(lake);
    this.mention = Set.copyOf(mention);
    this.after = after;
  }

  /**
   * @param alone fails where somebody may bring the person back who doesn't know of the tombstone
   */
  void run(ErasePlan plan, ErasureKey key, Set<String> except, Runnable alone) {
    receipts.add(id, subject, reason, planned(plan));
    after.accept("planned");
    Tombstones.set(lake, key, subject, id, except);
    after.accept("tombstone");
    alone.run();
    index(plan);
    for (ErasePlan.Step step : plan.steps()) {
      erase(plan, step);
    }
    List<Entry> removed = new ArrayList<>();
    for (String folder : plan.folders()) {
      if (!ErasePlan.mayGo(lake, folder)) {
        continue; // somebody has begun it anew since the plan was made
      }
      remove(folder);
      removed.add(new Entry(Receipts.Step.REMOVED, folder, 0, 0, 0, -1, -1));
    }
    for (Hit hit : plan.others()) {
      if (hit.isTorn() && isAbandoned(hit)) {
        remove(hit.path());
        removed.add(new Entry(Receipts.Step.REMOVED, hit.path(), 0, 1, hit.bytes(), -1, -1));
      }
    }
    receipts.add(id, subject, reason, removed);
    after.accept("removed");
  }

  /** Half a file that no version of its table knows, long enough after somebody began it. */
  private boolean isAbandoned(Hit hit) {
    return hit.modified() < abandonedBefore()
        && lake.tables().stream()
            .filter(table -> ErasePlan.isBelow(table, hit))
            .findFirst()
            .flatMap(table -> TableHistory.of(lake, table))
            .map(history -> history.files().stream().noneMatch(f -> f.name().equals(hit.name())))
            .orElse(false);
  }

  private static long abandonedBefore() {
    return Instant.now().minus(ABANDONED).toEpochMilli();
  }

  private static List<Entry> planned(ErasePlan plan) {
    List<Entry> entries = new ArrayList<>();
    for (ErasePlan.Step step : plan.steps()) {
      long files = step.live().size() + step.past().size();
      entries.add(
          new Entry(
              Receipts.Step.PLANNED,
              step.name(),
              step.rows(),
              files,
              bytes(step.live()) + bytes(step.past()),
              step.table().version(),
              -1));
    }
    plan.learned()
        .forEach(m -> entries.add(new Entry(Receipts.Step.LEARNED, m.folder(), 0, 0, 0, -1, -1)));
    return entries;
  }

  private static long bytes(List<Hit> hits) {
    return hits.stream().mapToLong(Hit::bytes).sum();
  }

  /** What the logs alone know is put into the indexes before they go. */
  private void index(ErasePlan plan) {
    List<String> tables = plan.steps().stream().map(ErasePlan.Step::name).toList();
    RunIndex.mendAll(lake, tables);
    for (String table : tables) {
      if (table.startsWith("raw/")) {
        new FileLedger(lake, table.substring("raw/".length()))
            .entries(lake.latest(table).orElseThrow());
      }
    }
  }

  private void erase(ErasePlan plan, ErasePlan.Step step) {
    Rewritten written = Attempts.run(step.name(), () -> rewrite(plan, step));
    after.accept("rewritten " + step.name());
    long before = abandonedBefore();
    Set<String> abandoned =
        step.past().stream().filter(hit -> hit.modified() < before).map(Hit::name).collect(toSet());
    Forgotten forgotten = Forgetting.before(lake, step.name(), abandoned);
    after.accept("forgotten " + step.name());
    receipts.add(
        id,
        subject,
        reason,
        List.of(
            new Entry(
                Receipts.Step.ERASED,
                step.name(),
                written.rows(),
                forgotten.files(),
                forgotten.bytes(),
                step.table().version(),
                forgotten.version())));
    console.event(
        "erased",
        java.util.Map.of(
            "table", step.name(), "rows", written.rows(), "version", forgotten.version()));
  }

  private Rewritten rewrite(ErasePlan plan, ErasePlan.Step step) {
    PinnedTable table = lake.latest(step.name()).orElseThrow();
    Set<String> columns = step.columns();
    if (step.name().equals(ResultTables.profiles().name())) {
      ErasedProfiles anew = new ErasedProfiles(lake, subject, table, plan.steps());
      Set<String> files = new HashSet<>(step.liveFiles());
      files.addAll(anew.files());
      return Rewriting.of(
          lake, table, files, rows -> Texts.redacted(anew.anew(rows), subject, columns, false));
    }
    return Rewriting.of(lake, table, step.liveFiles(), rows -> without(table, rows, columns));
  }

  /** Rows of the person go; where others speak of it, the value does. */
  private Dataset<Row> without(PinnedTable table, Dataset<Row> rows, Set<String> columns) {
    Dataset<Row> kept =
        table.name().startsWith("quarantine/")
            ? rows.where(not(Texts.mentions(rows.schema(), subject)))
            : rows;
    Optional<Column> person = subject.rows(table.name(), rows.schema());
    boolean within =
        ErasePlan.mayHaveAnotherKey(table.name(), rows.schema(), subject)
            && !mention.contains(table.name());
    return Texts.redacted(
        person.map(his -> kept.where(not(his))).orElse(kept), subject, columns, within);
  }

  private void remove(String folder) {
    try {
      lake.files().delete(new Path(lake.path(folder).toString()), true);
    } catch (IOException e) {
      throw new UnavailableException(folder + ": can't be removed: " + e.getMessage(), e);
    }
  }

  /** Pipelines of which pages went. */
  static Set<String> pages(ErasePlan plan) {
    Set<String> pipelines = new TreeSet<>();
    plan.folders().stream()
        .map(folder -> folder.split("/"))
        .filter(parts -> parts[0].equals("reports") && parts.length == 3)
        .forEach(parts -> pipelines.add(parts[1]));
    return pipelines;
  }
}
