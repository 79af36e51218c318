package io.millrace.retain;

import io.delta.kernel.exceptions.KernelEngineException;
import io.delta.kernel.exceptions.KernelException;
import io.millrace.UnavailableException;
import io.millrace.erase.Receipts;
import io.millrace.label.LabelBuilder;
import io.millrace.table.DataFile;
import io.millrace.table.Lake;
import io.millrace.table.LoggedFile;
import io.millrace.table.TableHistory;
import io.millrace.table.TableVersion;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What models and releases came from: the table versions that their runs read, and those that the
 * runs read whose rows these were.
 */
public final class Ancestry {

  private static final String DATE = "date";

  private final Histories histories;
  private final Map<String, Set<TableVersion>> indexed = new HashMap<>();
  private final Map<String, Set<String>> writers = new HashMap<>();

  /** Runs by the name of a file, as far as such were opened. */
  private final Map<String, Set<String>> mixed = new HashMap<>();

  /**
   * The ancestry in a lake.
   *
   * @param runs rows of {@code runs}
   */
  public Ancestry(Histories histories, List<Map<String, Object>> runs) {
    this.histories = histories;
    for (Map<String, Object> run : runs) {
      Set<TableVersion> inputs =
          indexed.computeIfAbsent((String) run.get("run_id"), id -> new LinkedHashSet<>());
      for (Object input : (List<?>) run.get("inputs")) {
        Map<?, ?> told = (Map<?, ?>) input;
        inputs.add(new TableVersion((String) told.get("table"), (Long) told.get("version")));
      }
      for (Object output : (List<?>) run.get("outputs")) {
        writers
            .computeIfAbsent((String) ((Map<?, ?>) output).get("table"), table -> new TreeSet<>())
            .add((String) run.get("run_id"));
      }
    }
  }

  /**
   * What training a model again reads.
   *
   * @param model its row of {@code models}
   */
  public List<Need> toReproduce(Map<String, Object> model) {
    LocalDate date = (LocalDate) model.get(DATE);
    List<Need> needs = new ArrayList<>();
    for (TableVersion input : trainedOn(model)) {
      if (input.table().equals(features(model))) {
        needs.add(new Need(input.table(), input.version(), new Need.UpTo(DATE, date)));
      } else if (input.table().equals(labels(model))) {
        needs.add(
            new Need(input.table(), input.version(), new Need.UpTo(LabelBuilder.KNOWN_AT, date)));
      } else {
        // Of raw rows it asks only which there were, which the log tells.
        needs.add(new Need(input.table(), input.version(), new Need.None()));
      }
    }
    return needs;
  }

  /**
   * All that a model came from.
   *
   * @param model its row of {@code models}
   */
  public List<Need> ofModel(Map<String, Object> model) {
    List<Need> roots = new ArrayList<>();
    for (Need need : toReproduce(model)) {
      boolean trained = need.table().equals(features(model)) || need.table().equals(labels(model));
      roots.add(trained ? need : Need.all(need.table(), need.version()));
    }
    return withSources(roots);
  }

  /**
   * All that a release came from, but for its model, and the release itself.
   *
   * @param release its row of {@code releases}
   */
  public List<Need> ofRelease(Map<String, Object> release) {
    String pipeline = (String) release.get("pipeline");
    LocalDate date = (LocalDate) release.get(DATE);
    List<Need> roots = new ArrayList<>();
    roots.add(
        new Need(
            "predictions/" + pipeline,
            (Long) release.get("predictions_version"),
            new Need.OfDay(DATE, date)));
    for (TableVersion input : inputs("scored/" + pipeline, (String) release.get("score_run_id"))) {
      if (input.table().startsWith("features/")) {
        roots.add(new Need(input.table(), input.version(), new Need.OfDay(DATE, date)));
      }
    }
    return withSources(roots);
  }

  private static String features(Map<String, Object> model) {
    return "features/" + model.get("pipeline");
  }

  private static String labels(Map<String, Object> model) {
    return "labels/" + model.get("pipeline");
  }

  /** The versions in its row, and what its run read besides. */
  private Collection<TableVersion> trainedOn(Map<String, Object> model) {
    Set<TableVersion> versions = new LinkedHashSet<>();
    versions.add(new TableVersion(features(model), (Long) model.get("features_table_version")));
    versions.add(new TableVersion(labels(model), (Long) model.get("labels_table_version")));
    Set<TableVersion> read = indexed.getOrDefault((String) model.get("run_id"), Set.of());
    read.stream()
        .filter(input -> input.version() >= 0)
        .filter(input -> !input.table().equals(features(model)))
        .filter(input -> !input.table().equals(labels(model)))
        .forEach(versions::add);
    return versions;
  }

  /** The log's word for it and the index's: a run that was killed may stand in one of them. */
  private Set<TableVersion> inputs(String table, String runId) {
    Set<TableVersion> inputs = new LinkedHashSet<>(indexed.getOrDefault(runId, Set.of()));
    histories.of(table).ifPresent(history -> inputs.addAll(history.inputs(runId)));
    inputs.removeIf(input -> input.version() < 0);
    return inputs;
  }

  /** Also the versions that these files were made from, and so on. */
  private List<Need> withSources(List<Need> roots) {
    Set<Need> all = new LinkedHashSet<>(roots);
    Deque<Need> next = new ArrayDeque<>(roots);
    while (!next.isEmpty()) {
      Need need = next.remove();
      if (!need.table().startsWith("features/") && !need.table().startsWith("labels/")) {
        continue; // what is taken in came from files
      }
      for (String run : runs(need)) {
        for (TableVersion input : inputs(need.table(), run)) {
          Need source = Need.all(input.table(), input.version());
          if (all.add(source)) {
            next.add(source);
          }
        }
      }
    }
    return List.copyOf(all);
  }

  private Set<String> runs(Need need) {
    Optional<TableHistory> history =
        histories.of(need.table()).filter(told -> told.first() <= need.version());
    if (history.isEmpty()) {
      return opened(need);
    }
    Set<String> runs = new TreeSet<>();
    for (LoggedFile file : history.get().files()) {
      if (need.has(file)) {
        Set<String> known = file.run().map(Set::of).orElse(mixed.get(file.name()));
        if (known == null) {
          return opened(need);
        }
        runs.addAll(known);
      }
    }
    return runs;
  }

  /**
   * Where the log doesn't tell all, the runs that Kernel finds in the version, or in what an
   * erasure has left of it; and where nobody can open that, all that ever wrote the table.
   */
  private Set<String> opened(Need need) {
    Lake lake = histories.lake();
    try {
      long left = new Receipts(lake).left(need.table(), need.version());
      Set<String> runs = new TreeSet<>();
      for (DataFile file : lake.at(need.table(), left).files()) {
        mixed.put(file.name(), file.runIds());
        if (file.runIds().size() != 1 || need.files().has(file.partition())) {
          runs.addAll(file.runIds());
        }
      }
      return runs;
    } catch (KernelException
        | KernelEngineException
        | UncheckedIOException
        | UnavailableException e) {
      return writers.getOrDefault(need.table(), Set.of());
    }
  }
}
