package io.millrace.jobs;

import static java.util.stream.Collectors.toSet;

import io.delta.kernel.exceptions.KernelException;
import io.millrace.DataException;
import io.millrace.branch.Branches;
import io.millrace.erase.LakeSearch.Hit;
import io.millrace.erase.Subject;
import io.millrace.table.DataFile;
import io.millrace.table.Lake;
import io.millrace.table.Landing;
import io.millrace.table.PinnedTable;
import io.millrace.table.SmallTable;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.types.StructType;

/**
 * What an erasure has to do, found by a search of all files.
 *
 * @param steps tables, those that others are made of last
 * @param folders pages and models' folders whose files hold the person
 * @param others files of nobody's that do, and those that can't be read
 * @param learned models that saw the person
 */
record ErasePlan(List<Step> steps, List<String> folders, List<Hit> others, List<Learned> learned) {

  /** Raw comes last: as long as it holds the person, an erasure that was killed finds the rest. */
  private static final List<String> ORDER =
      List.of("predictions/", "scored/", "features/", "labels/", "quarantine/", "raw/");

  private static final List<String> KEYED =
      List.of("predictions/", "scored/", "features/", "labels/", "raw/");

  ErasePlan {
    steps = List.copyOf(steps);
    folders = List.copyOf(folders);
    others = List.copyOf(others);
    learned = List.copyOf(learned);
  }

  /**
   * A table that holds the person, now or in its past.
   *
   * @param table its newest version
   * @param live files of that version that hold the person
   * @param past files of former versions and of the log that do
   */
  record Step(PinnedTable table, List<Hit> live, List<Hit> past) {

    String name() {
      return table.name();
    }

    long rows() {
      return live.stream().mapToLong(Hit::rows).sum();
    }

    Set<String> columns() {
      Set<String> columns = new TreeSet<>();
      live.forEach(hit -> columns.addAll(hit.columns().keySet()));
      past.forEach(hit -> columns.addAll(hit.columns().keySet()));
      return columns;
    }

    Set<String> liveFiles() {
      return live.stream().map(Hit::name).collect(toSet());
    }
  }

  /** A model that was trained on a version with the person in it. */
  record Learned(String pipeline, String version, LocalDate date) {

    String folder() {
      return "models/" + pipeline + "/" + version;
    }
  }

  boolean isEmpty() {
    return steps.isEmpty() && folders.isEmpty() && others.isEmpty();
  }

  /**
   * @param open tables that an erasure which was killed had begun with
   * @param except tables that are left alone
   */
  static ErasePlan of(
      Lake lake, Subject subject, List<Hit> found, Set<String> open, Set<String> except) {
    List<Hit> hits = new ArrayList<>(found);
    List<Step> steps = new ArrayList<>();
    for (String name : lake.tables()) {
      List<Hit> of = hits.stream().filter(hit -> isOf(name, hit)).toList();
      hits.removeAll(of);
      if (except.contains(name) || of.isEmpty() && !open.contains(name)) {
        continue;
      }
      PinnedTable table = opened(lake, name).orElseThrow(() -> closed(name));
      subject.rows(name, table.schema());
      Set<String> files = table.files().stream().map(DataFile::name).collect(toSet());
      steps.add(
          new Step(
              table,
              of.stream().filter(hit -> files.contains(hit.name())).toList(),
              of.stream().filter(hit -> !files.contains(hit.name())).toList()));
    }
    measures(lake, steps, except).ifPresent(steps::add);
    steps.sort(Comparator.comparing((Step step) -> place(step.name())).thenComparing(Step::name));
    Set<String> folders = new TreeSet<>();
    List<Hit> others = new ArrayList<>();
    Map<String, Boolean> mayGo = new HashMap<>();
    for (Hit hit : hits) {
      // Of what can't be read nobody knows that it has to go.
      Optional<String> folder = hit.isTorn() ? Optional.empty() : folder(hit.path());
      folder
          .filter(name -> mayGo.computeIfAbsent(name, one -> mayGo(lake, one)))
          .ifPresentOrElse(folders::add, () -> others.add(hit));
    }
    return new ErasePlan(steps, List.copyOf(folders), others, learned(lake, steps));
  }

  /** A table's newest version; none where it has no commit yet, or needs a newer reader. */
  static Optional<PinnedTable> opened(Lake lake, String table) {
    try {
      return lake.latest(table);
    } catch (KernelException e) {
      return Optional.empty();
    }
  }

  private static DataException closed(String table) {
    return new DataException(
        "%s: files of it hold the person, and it can't be opened here; erase the person there by what writes it, and say --except %s"
            .formatted(table, table));
  }

  /**
   * Measures of raw rows are made anew with them, and those of slices that are gone go, also where
   * no search can tell the value.
   */
  private static Optional<Step> measures(Lake lake, List<Step> steps, Set<String> except) {
    String profiles = ResultTables.profiles().name();
    boolean asked =
        steps.stream().anyMatch(step -> step.name().startsWith("raw/"))
            && steps.stream().noneMatch(step -> step.name().equals(profiles))
            && !except.contains(profiles);
    return asked
        ? lake.latest(profiles).map(table -> new Step(table, List.of(), List.of()))
        : Optional.empty();
  }

  private static boolean isOf(String table, Hit hit) {
    return !hit.isTorn() && isBelow(table, hit);
  }

  /**
   * Whether a cell that is the value may be the key of the person under another column: in a table
   * of persons' rows that lacks the columns of the key. There it stays, so that an erasure by that
   * column still finds the rows.
   */
  static boolean mayHaveAnotherKey(String table, StructType schema, Subject subject) {
    return KEYED.stream().anyMatch(table::startsWith) && !subject.isKeyOf(schema);
  }

  /** Whether a file is one of a table, or a draft that a killed command left of one. */
  static boolean isBelow(String table, Hit hit) {
    return hit.path().startsWith(table + "/_delta_log/")
        || hit.path().startsWith(table + "/")
            && (hit.name().endsWith(".parquet") || hit.name().startsWith("."));
  }

  private static int place(String table) {
    for (int i = 0; i < ORDER.size(); i++) {
      if (table.startsWith(ORDER.get(i))) {
        return i;
      }
    }
    return -1;
  }

  /** A page is a file; of a model that holds the person no file is left. */
  private static Optional<String> folder(String path) {
    if (path.startsWith("reports/") || path.startsWith("_submitted/")) {
      return Optional.of(path);
    }
    String[] parts = path.split("/");
    if (parts.length > 2 && parts[0].equals(Landing.BRANCHES)) {
      return Optional.of(parts[0] + "/" + parts[1]);
    }
    return path.startsWith("models/") && parts.length > 3
        ? Optional.of(String.join("/", parts[0], parts[1], parts[2]))
        : Optional.empty();
  }

  /**
   * Whether a folder may be removed as a whole: one of branches only where it is what a killed drop
   * or a killed merge left there, so no record tells of it and no merge is landing.
   */
  static boolean mayGo(Lake lake, String folder) {
    String branches = Landing.BRANCHES + "/";
    return !folder.startsWith(branches)
        || new Branches(lake).ofFolder(folder.substring(branches.length())).isEmpty()
            && !new Landing(lake).isOpen();
  }

  private static List<Learned> learned(Lake lake, List<Step> steps) {
    List<Learned> learned = new ArrayList<>();
    for (Map<String, Object> model : new SmallTable(lake, ResultTables.models()).rows()) {
      String pipeline = (String) model.get("pipeline");
      LocalDate date = (LocalDate) model.get("date");
      for (Step step : steps) {
        if (step.name().equals("features/" + pipeline)
            && saw(lake, step, (Long) model.get("features_table_version"), date)) {
          learned.add(new Learned(pipeline, (String) model.get("model_version"), date));
        }
      }
    }
    return learned;
  }

  /** Whether a file of the features up to a date, at a version, holds the person. */
  private static boolean saw(Lake lake, Step step, long version, LocalDate date) {
    Set<String> files = new HashSet<>(step.liveFiles());
    step.past().forEach(hit -> files.add(hit.name()));
    try {
      return lake.at(step.name(), version).files().stream()
          .filter(file -> file.partition().get("date").compareTo(date.toString()) <= 0)
          .anyMatch(file -> files.contains(file.name()));
    } catch (KernelException e) {
      // Erased before: what it learned from is gone already, and a receipt says so.
      return false;
    }
  }
}
