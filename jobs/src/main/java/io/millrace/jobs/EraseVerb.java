package io.millrace.jobs;

import io.millrace.Nearest;
import io.millrace.SpecException;
import io.millrace.StoppedException;
import io.millrace.branch.Branch;
import io.millrace.branch.Branches;
import io.millrace.erase.ErasureKey;
import io.millrace.erase.LakeSearch;
import io.millrace.erase.LakeSearch.Hit;
import io.millrace.erase.Receipts;
import io.millrace.erase.Subject;
import io.millrace.erase.Tombstones;
import io.millrace.jobs.cli.Erased;
import io.millrace.jobs.console.Console;
import io.millrace.table.Lake;
import io.millrace.table.Landing;
import io.millrace.table.PinnedTable;
import io.millrace.table.SmallTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.spark.sql.types.StructType;

/** Takes a person out of the lake: shows the plan, asks, does it, and searches all files again. */
final class EraseVerb {

  private static final int STOPPED = 10;
  private static final int MOST_TOLD = 5;

  private final Lake lake;
  private final Erased asked;
  private final Console console;
  private final Subject subject;
  private final Set<String> except;

  private EraseVerb(Erased asked, Lake lake, Console console) {
    this.lake = lake;
    this.asked = asked;
    this.console = console;
    this.subject = Subject.parse(asked.subject());
    this.except = new TreeSet<>(asked.except());
  }

  static int run(Erased asked, Lake lake, Map<String, String> environment, Console console) {
    return run(asked, lake, environment, console, step -> {});
  }

  /**
   * @param after is told of each step that ended
   */
  static int run(
      Erased asked,
      Lake lake,
      Map<String, String> environment,
      Console console,
      Consumer<String> after) {
    EraseVerb verb = new EraseVerb(asked, lake, console);
    verb.requireReason();
    if (!asked.dryRun()) {
      // Else the versions from before the merge would be taken for former ones while readers have
      // them.
      Landing.settle(lake).ifPresent(console::warn);
    }
    verb.requireKey();
    ErasureKey key = ErasureKey.of(environment, "erase");
    Tombstones.of(lake, environment);
    return verb.run(key, after);
  }

  private void requireReason() {
    if (subject.isNamedIn(asked.reason())) {
      throw new SpecException(
          "--reason names the person, and the receipt is kept for good; name the request without any value of the key in it");
    }
  }

  private void requireKey() {
    requireTables("--except", asked.except());
    requireTables("--mention", asked.mention());
    Map<String, StructType> keyed = new TreeMap<>();
    for (String table : lake.tables()) {
      ErasePlan.opened(lake, table)
          .map(PinnedTable::schema)
          .filter(subject::isKeyOf)
          .ifPresent(schema -> keyed.put(table, schema));
    }
    if (keyed.isEmpty()) {
      throw new SpecException(
          "--subject: no table of the lake has a column %s; name the key as a source has it"
              .formatted(subject));
    }
    keyed.keySet().removeAll(except);
    // Before any search: a column whose values it can't tell would count as one without the person.
    keyed.forEach(subject::rows);
    subject.requireWritten(keyed.values());
  }

  private void requireTables(String option, List<String> named) {
    List<String> tables = lake.tables();
    for (String table : named) {
      if (!tables.contains(table)) {
        throw new SpecException(
            "%s %s: no such table in the lake; %s"
                .formatted(option, table, Nearest.mend(table, tables, "tables")));
      }
    }
  }

  /**
   * A branch reads versions that an erasure takes away, and may hold the person in tables of its
   * own.
   *
   * @throws StoppedException while there are branches
   */
  private void requireNoBranches(String so) {
    List<String> branches = new Branches(lake).all().stream().map(Branch::name).toList();
    if (!branches.isEmpty()) {
      String said =
          "branches read what an erasure takes away: %s; bring over or give up each first: `millrace merge NAME`, then `millrace branch drop NAME`"
              .formatted(String.join(", ", branches));
      if (!asked.dryRun()) {
        throw new StoppedException(so + said);
      }
      console.warn(said);
    }
  }

  private int run(ErasureKey key, Consumer<String> after) {
    requireNoBranches("nothing was erased: ");
    Receipts receipts = new Receipts(lake);
    String id = receipts.id(key, subject);
    LakeSearch.Result found = LakeSearch.of(lake, subject);
    ErasePlan plan = ErasePlan.of(lake, subject, found.hits(), receipts.open(id), except);
    show(plan, found);
    if (asked.dryRun()) {
      return 0;
    }
    if (!asked.yes() && !confirmed()) {
      throw new SpecException("nothing was erased: say so by --yes, or only look by --dry-run");
    }
    Erasing erasing =
        new Erasing(
            lake, subject, asked.reason(), id, console, new TreeSet<>(asked.mention()), after);
    // One that was made meanwhile doesn't know of the tombstone; later ones do.
    Runnable alone = () -> requireNoBranches("erasure " + id + " isn't ended: ");
    erasing.run(plan, key, except, alone);
    alone.run();
    return proven(plan, id);
  }

  private static boolean confirmed() {
    java.io.Console terminal = System.console();
    return terminal != null
        && "erase"
            .equals(terminal.readLine("Nothing of it can be had back. Type erase to go on: "));
  }

  private void show(ErasePlan plan, LakeSearch.Result found) {
    if (plan.isEmpty()) {
      console.info(
          "not found in %,d files, %,d bytes; a tombstone still keeps it out of what comes in"
              .formatted(found.files(), found.bytes()));
      return;
    }
    List<List<Object>> cells = new ArrayList<>();
    for (ErasePlan.Step step : plan.steps()) {
      long version = step.table().version();
      cells.add(
          List.of(
              step.name(),
              step.rows(),
              step.live().size(),
              step.past().size(),
              version == 0 ? "0" : "0 to " + version,
              String.join(", ", step.columns())));
    }
    plan.folders().forEach(folder -> cells.add(List.of(folder, "", "", 1, "", "removed")));
    console.table(
        List.of("table", "rows", "files anew", "old files", "versions that go", "found in"), cells);
    plan.learned()
        .forEach(
            model ->
                console.info(
                    "%s learned from it: can't be reproduced afterwards"
                        .formatted(model.folder())));
    console.info(
        "%,d files, %,d bytes searched; sources outside the lake aren't: take the person out of them too"
            .formatted(found.files(), found.bytes()));
  }

  private int proven(ErasePlan plan, String id) {
    LakeSearch.Result left = LakeSearch.of(lake, subject);
    List<Hit> hits =
        left.hits().stream()
            .filter(hit -> except.stream().noneMatch(table -> hit.path().startsWith(table + "/")))
            .toList();
    if (!hits.isEmpty()) {
      List<String> told = hits.stream().limit(MOST_TOLD).map(EraseVerb::told).toList();
      console.fault(
          STOPPED,
          "erasure %s: %d files still hold the person: %s%s\n%s"
              .formatted(
                  id,
                  hits.size(),
                  String.join("; ", told),
                  hits.size() > MOST_TOLD ? "; and more" : "",
                  mend(hits)));
      return STOPPED;
    }
    new Receipts(lake)
        .add(
            id,
            subject,
            asked.reason(),
            List.of(
                new Receipts.Entry(
                    Receipts.Step.SEARCHED, "", 0, left.files(), left.bytes(), -1, -1)));
    tell(plan, id, left);
    return 0;
  }

  private String mend(List<Hit> hits) {
    List<String> others =
        lake.tables().stream()
            .filter(table -> hits.stream().anyMatch(hit -> ErasePlan.isBelow(table, hit)))
            .filter(
                table ->
                    ErasePlan.opened(lake, table)
                        .map(PinnedTable::schema)
                        .filter(schema -> ErasePlan.mayHaveAnotherKey(table, schema, subject))
                        .isPresent())
            .toList();
    return others.isEmpty()
        ? "what a run wrote meanwhile goes by the same command again; files that aren't Millrace's are yours to remove"
        : "%s: a cell is the very value, in a column that isn't %s. If it is the person's key there, erase it by --subject with that column, then give this command again; if it only mentions the person, say --mention %s"
            .formatted(String.join(", ", others), subject, String.join(",", others));
  }

  /** The path may hold the value itself. */
  private static String told(Hit hit) {
    return (hit.columns().containsKey("its name") ? "a file by its name" : hit.path())
        + " ("
        + String.join(", ", hit.columns().keySet())
        + ")";
  }

  private void tell(ErasePlan plan, String id, LakeSearch.Result left) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("erasure", id);
    event.put("tables", plan.steps().stream().map(ErasePlan.Step::name).toList());
    event.put("models", plan.learned().stream().map(ErasePlan.Learned::folder).toList());
    event.put("files_searched", left.files());
    event.put("bytes_searched", left.bytes());
    console.event("erasure", event);
    console.print(
        "erasure %s: %d tables, receipt in `erasures`; searched %,d files, %,d bytes: not found"
            .formatted(id, plan.steps().size(), left.files(), left.bytes()));
    Set<String> champions = champions();
    plan.learned().stream()
        .filter(model -> champions.contains(model.version()))
        .forEach(
            model ->
                console.info(
                    "%s was promoted; with erase: {models: retrain} in its spec, `millrace run %s --date DATE` trains without the person"
                        .formatted(model.folder(), model.pipeline())));
    plan.folders().stream()
        .filter(folder -> folder.startsWith("models/"))
        .forEach(
            folder ->
                console.warn(
                    folder
                        + ": its files held the person and are gone; promote another by `millrace promote --to`"));
    Erasing.pages(plan)
        .forEach(
            pipeline ->
                console.info(
                    "pages of %s were removed; `millrace report %s --date DATE` makes one anew"
                        .formatted(pipeline, pipeline)));
  }

  private Set<String> champions() {
    Set<String> versions = new TreeSet<>();
    new SmallTable(lake, ResultTables.promotions())
        .rows()
        .forEach(row -> versions.add((String) row.get("model_version")));
    return versions;
  }
}
