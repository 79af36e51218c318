package io.millrace.branch;

import static io.millrace.table.TableDefinition.column;

import io.millrace.Nearest;
import io.millrace.SpecException;
import io.millrace.UnavailableException;
import io.millrace.table.Lake;
import io.millrace.table.Landing;
import io.millrace.table.MergeLog;
import io.millrace.table.SmallTable;
import io.millrace.table.TableDefinition;
import io.millrace.table.TableVersion;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The branches of a lake: a record of table and version each, and a folder of what it wrote. */
public final class Branches {

  /** What branches leave from. */
  public static final String MAIN = "main";

  private static final String TABLE = "branches";
  private static final String CREATED = "created";
  private static final String DROPPED = "dropped";
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final int TRIES = 5;

  private final Lake main;
  private final SmallTable table;

  public Branches(Lake main) {
    this.main = main;
    this.table = new SmallTable(main, definition());
  }

  /** The table of branches. */
  public static TableDefinition definition() {
    StructType schema =
        new StructType(
            new StructField[] {
              column("pipeline", DataTypes.StringType, "Branch; the partition of this table"),
              column("branch_id", DataTypes.StringType, "Tells it from an earlier one of its name"),
              column("event", DataTypes.StringType, "created or dropped"),
              column(
                  "table", DataTypes.StringType, "Table that it reads; empty when it is dropped"),
              column("version", DataTypes.LongType, "Version of main at which it left"),
              column("written_at", DataTypes.TimestampType, "When")
            });
    return new TableDefinition(
        TABLE,
        "Branches: at which version of main each table is read; the newest row of a branch tells"
            + " whether it is still there",
        schema,
        Optional.of("pipeline"),
        List.of("branch_id"));
  }

  /**
   * Makes a branch that leaves main at its present versions. Nothing is copied.
   *
   * @throws SpecException where the name is taken or can't be one
   */
  public Branch create(String name) {
    if (!NAME.matcher(name).matches() || name.equals(MAIN)) {
      throw new SpecException(
          "branch "
              + name
              + ": can't be called so; lower case, digits and hyphens, at most 63, and not main");
    }
    for (int i = 0; i < TRIES; i++) {
      long version = table.version();
      if (find(name).isPresent()) {
        throw new SpecException(
            "branch " + name + ": is there already; drop it, or take another name");
      }
      clear(name);
      String id = UUID.randomUUID().toString().replace("-", "");
      if (append(name, id, version, versions())) {
        return all().stream().filter(branch -> branch.id().equals(id)).findFirst().orElseThrow();
      }
    }
    throw new UnavailableException(TABLE + ": another process kept writing it; try again", null);
  }

  private boolean append(String name, String id, long version, Map<String, Long> versions) {
    Instant now = Instant.now();
    List<Map<String, Object>> rows = new ArrayList<>();
    versions.forEach((of, at) -> rows.add(row(name, id, CREATED, of, at, now)));
    if (rows.isEmpty()) {
      rows.add(row(name, id, CREATED, "", -1L, now));
    }
    // Where there is no table yet, the append makes its version 0 first.
    return table.appendAt(name, Math.max(0, version), "branches/" + id, rows).isPresent();
  }

  /** The tables of main at their present versions, less those that are of main alone. */
  private Map<String, Long> versions() {
    Set<String> ofMain = Set.of(TABLE, MergeLog.definition().name());
    Map<String, Long> versions = new TreeMap<>();
    for (String name : main.tables()) {
      if (!ofMain.contains(name)) {
        main.latest(name).ifPresent(found -> versions.put(name, found.version()));
      }
    }
    return versions;
  }

  private static Map<String, Object> row(
      String name, String id, String event, String of, long version, Instant at) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("pipeline", name);
    row.put("branch_id", id);
    row.put("event", event);
    row.put("table", of);
    row.put("version", version);
    row.put("written_at", at);
    return row;
  }

  /** The branches that are there, by name. */
  public List<Branch> all() {
    Map<String, List<Map<String, Object>>> byId = new LinkedHashMap<>();
    table
        .rows()
        .forEach(
            row ->
                byId.computeIfAbsent((String) row.get("branch_id"), id -> new ArrayList<>())
                    .add(row));
    return byId.values().stream()
        .filter(rows -> rows.stream().noneMatch(row -> DROPPED.equals(row.get("event"))))
        .map(Branches::branch)
        .sorted(Comparator.comparing(Branch::name).thenComparing(Branch::createdAt))
        .toList();
  }

  private static Branch branch(List<Map<String, Object>> rows) {
    Map<String, Long> versions = new TreeMap<>();
    for (Map<String, Object> row : rows) {
      if (!((String) row.get("table")).isEmpty()) {
        versions.put((String) row.get("table"), (Long) row.get("version"));
      }
    }
    Map<String, Object> first = rows.get(0);
    return new Branch(
        (String) first.get("pipeline"),
        (String) first.get("branch_id"),
        (Instant) first.get("written_at"),
        versions);
  }

  /** A branch that may be there. */
  public Optional<Branch> find(String name) {
    return all().stream().filter(branch -> branch.name().equals(name)).findFirst();
  }

  /**
   * The branch that a folder is of.
   *
   * @param folder its name
   * @return empty where the folder is of none, or of one that was dropped
   */
  public Optional<Branch> ofFolder(String folder) {
    return all().stream().filter(branch -> branch.folder().equals(folder)).findFirst();
  }

  /**
   * A branch that a person named.
   *
   * @throws SpecException where there is none
   */
  public Branch named(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new SpecException(
                    "branch "
                        + name
                        + ": there is none; "
                        + Nearest.mend(
                            name, all().stream().map(Branch::name).toList(), "branches")));
  }

  /** A branch as a lake: reads what it hasn't written from main, writes below its own folder. */
  public Lake open(String name) {
    return open(named(name));
  }

  /** The same, of a branch that may have been dropped since. */
  public Lake open(Branch branch) {
    return main.branch(place(branch.folder()), branch.versions());
  }

  /** Takes a branch away with all that was written on it. */
  public void drop(String name) {
    Branch branch = named(name);
    table.append(
        name,
        "branches/" + branch.id() + "/" + DROPPED,
        List.of(row(name, branch.id(), DROPPED, "", -1L, Instant.now())));
    delete(name, branch.folder());
  }

  /** What a killed drop of the name left, or who still wrote a branch that was dropped. */
  private void clear(String name) {
    table.rows(name).stream()
        .filter(row -> DROPPED.equals(row.get("event")))
        .map(row -> Branch.folder(name, (String) row.get("branch_id")))
        .distinct()
        .forEach(folder -> delete(name, folder));
  }

  private void delete(String name, String folder) {
    try {
      main.files().delete(main.path(place(folder)), true);
    } catch (IOException e) {
      throw new UnavailableException(
          "branch " + name + ": its folder can't be deleted: " + e.getMessage(), e);
    }
  }

  private static String place(String folder) {
    return Landing.BRANCHES + "/" + folder;
  }

  /** The versions of main that its branches read: what removes files of main has to keep theirs. */
  public static Set<TableVersion> pinned(Lake main) {
    Set<TableVersion> pinned = new java.util.HashSet<>();
    new Branches(main)
        .all()
        .forEach(
            branch -> branch.versions().forEach((of, at) -> pinned.add(new TableVersion(of, at))));
    return pinned;
  }
}
