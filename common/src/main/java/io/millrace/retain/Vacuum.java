package io.millrace.retain;

import io.delta.kernel.exceptions.KernelException;
import io.millrace.UnavailableException;
import io.millrace.config.Spans;
import io.millrace.retain.TablePlan.Size;
import io.millrace.table.BranchFiles;
import io.millrace.table.Lake;
import io.millrace.table.MergeLog.Intent;
import io.millrace.table.PinnedTable;
import io.millrace.table.TableFolder;
import io.millrace.table.TableFolder.FoundFile;
import io.millrace.table.TableHistory;
import io.millrace.table.Unended;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Deletes the data files of a lake that no kept version needs. */
public final class Vacuum {

  private static final int BATCH = 1_000;

  private final Lake lake;
  private final Rules rules;
  private final Pins pins;

  /** Reads the pins of a lake, as they are at this moment. */
  public interface Pins {
    /** All pins, also those that don't hold any more. */
    List<Pin> read(Histories histories);
  }

  public Vacuum(Lake lake, Rules rules, Pins pins) {
    this.lake = lake;
    this.rules = rules;
    this.pins = pins;
  }

  /**
   * What would be done now.
   *
   * @param pinsVersion of the log of pins that it regards
   */
  public record Plan(List<TablePlan> tables, long pinsVersion) {

    public Plan {
      tables = List.copyOf(tables);
    }

    /** The size of all that is deleted. */
    public Size deletable() {
      return new Size(
          tables.stream().mapToLong(table -> table.deletable().files()).sum(),
          tables.stream().mapToLong(table -> table.deletable().bytes()).sum());
    }

    /** The size of all that stays. */
    public Size kept() {
      return new Size(
          tables.stream().mapToLong(table -> table.kept().files()).sum(),
          tables.stream().mapToLong(table -> table.kept().bytes()).sum());
    }
  }

  /** What is deleted if it is done now; nothing is written. */
  public Plan plan() {
    Instant now = Instant.now();
    // In this order: what is committed after the listing isn't in it, what was before is resolved.
    Map<String, List<FoundFile>> found = new LinkedHashMap<>();
    lake.tables().forEach(table -> found.put(table, TableFolder.list(lake, table)));
    Set<String> needed = new HashSet<>(BranchFiles.names(lake));
    Unended merges = Unended.now(lake);
    long pinsVersion = new PinLog(lake).version();
    Histories histories = new Histories(lake);
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    List<Pin> holding = new ArrayList<>(pins.read(histories));
    holding.removeIf(pin -> !pin.holdsOn(today));
    Map<String, TableHistory> sure = new HashMap<>();
    found.keySet().stream()
        .filter(histories::isSure)
        .forEach(table -> sure.put(table, histories.of(table).orElseThrow()));
    merges.merges().forEach(merge -> holding.add(undoing(merge)));
    Map<String, Map<Pin, List<Need>>> needs = byTable(holding);
    Map<String, KeptVersions> kept = new HashMap<>();
    for (String table : found.keySet()) {
      TableHistory history = sure.get(table);
      if (history != null) {
        KeptVersions versions =
            new KeptVersions(
                history,
                history.currentSince(rules.currentSince(now)),
                needs.getOrDefault(table, Map.of()));
        kept.put(table, versions);
        needed.addAll(versions.names());
      } else {
        needed.addAll(newestNames(table));
      }
    }
    List<TablePlan> plans = new ArrayList<>();
    found.forEach(
        (table, files) ->
            plans.add(plan(table, files, Optional.ofNullable(kept.get(table)), needed, now)));
    return new Plan(plans, pinsVersion);
  }

  /** What whoever undoes a merge takes back in: versions that its tables have left by then. */
  private static Pin undoing(Intent merge) {
    List<Need> before =
        merge.moves().stream()
            .filter(move -> move.before() >= 0)
            .map(move -> Need.all(move.table(), move.before()))
            .toList();
    return new Pin(Pin.Kind.MERGE, merge.branch(), Optional.empty(), before);
  }

  private static Map<String, Map<Pin, List<Need>>> byTable(List<Pin> pins) {
    Map<String, Map<Pin, List<Need>>> needs = new HashMap<>();
    for (Pin pin : pins) {
      for (Need need : pin.needs()) {
        needs
            .computeIfAbsent(need.table(), table -> new LinkedHashMap<>())
            .computeIfAbsent(pin, p -> new ArrayList<>())
            .add(need);
      }
    }
    return needs;
  }

  /** Of a table that is left alone: it may name files of others. */
  private Set<String> newestNames(String table) {
    try {
      return lake.latest(table).map(PinnedTable::names).orElse(Set.of());
    } catch (KernelException e) {
      return Set.of(); // nobody can open it
    }
  }

  private TablePlan plan(
      String table,
      List<FoundFile> files,
      Optional<KeptVersions> kept,
      Set<String> needed,
      Instant now) {
    if (kept.isEmpty()) {
      return new TablePlan(
          table, 0, 0, "left alone: its log doesn't tell all", List.of(), Size.of(files));
    }
    Instant young = rules.writtenSince(now);
    Map<Boolean, List<FoundFile>> split =
        files.stream()
            .collect(
                Collectors.partitioningBy(
                    file -> !needed.contains(file.name()) && file.modified().isBefore(young)));
    return new TablePlan(
        table,
        kept.get().versions().size(),
        kept.get().history().newest() + 1,
        kept.get().why(Spans.text(rules.reach())),
        split.get(true),
        Size.of(split.get(false)));
  }

  /**
   * Deletes what was shown, as far as nothing needs it still.
   *
   * @return what was deleted, by table
   * @throws UnavailableException where another vacuum is at work, or pins changed meanwhile
   */
  public Map<String, Size> delete(Plan shown) {
    Set<String> paths = new HashSet<>();
    shown.tables().forEach(table -> table.delete().forEach(file -> paths.add(file.path())));
    VacuumLog.Running running = new VacuumLog(lake).begin(rules);
    Map<String, Size> deleted = new LinkedHashMap<>();
    try {
      Plan now = plan();
      for (TablePlan table : now.tables()) {
        List<FoundFile> files =
            table.delete().stream().filter(file -> paths.contains(file.path())).toList();
        if (!files.isEmpty()) {
          deleted.put(table.table(), delete(table.only(files), now.pinsVersion(), running));
        }
      }
    } finally {
      running.end();
    }
    return deleted;
  }

  private Size delete(TablePlan table, long pinsVersion, VacuumLog.Running running) {
    running.deletes(table);
    List<FoundFile> gone = new ArrayList<>();
    List<FoundFile> files = table.delete();
    for (int i = 0; i < files.size(); i += BATCH) {
      running.works();
      if (new PinLog(lake).version() != pinsVersion) {
        throw new UnavailableException(
            "vacuum: pins have changed while it was at work; the same command again does the rest");
      }
      gone.addAll(TableFolder.delete(lake, files.subList(i, Math.min(i + BATCH, files.size()))));
    }
    Size size = Size.of(gone);
    running.deleted(table, size.files(), size.bytes());
    return size;
  }
}
