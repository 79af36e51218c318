package io.millrace.retain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.TestSpark;
import io.millrace.UnavailableException;
import io.millrace.table.Facts;
import io.millrace.table.Lake;
import io.millrace.table.SmallTable;
import io.millrace.table.TableDefinition;
import io.millrace.table.TableFolder;
import io.millrace.table.TableFolder.FoundFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a vacuum deletes is what Spark, asked version by version, doesn't need. */
class VacuumTest {

  private static final TableDefinition FACTS =
      Facts.with(TableDefinition.column("x", DataTypes.LongType, "A number"));

  private static final Rules NOTHING = new Rules(Duration.ZERO, Duration.ZERO);
  private static final Vacuum.Pins NONE = histories -> List.of();

  private static final ObjectMapper JSON = new ObjectMapper();

  private Path root;
  private Lake lake;

  @BeforeEach
  void newLake() {
    root = TestSpark.temporary("lake");
    lake = Lake.open(root.toString(), TestSpark::session);
  }

  @Test
  void deletesWhatNoKeptVersionNeedsAndNothingElse() throws IOException {
    long newest = randomHistory(new Random(7), 12);
    Pin pin = new Pin(Pin.Kind.PERSON, "audit", Optional.empty(), List.of(Need.all("facts", 2)));
    // As if one commit had been made each day, the last one now.
    Instant now = Instant.now();
    for (long version = 0; version <= newest; version++) {
      Files.setLastModifiedTime(
          root.resolve("facts/_delta_log/%020d.json".formatted(version)),
          FileTime.from(now.minus(newest - version, ChronoUnit.DAYS)));
    }
    Map<Long, List<String>> rows = new HashMap<>();
    Set<String> kept = new HashSet<>();
    // Half a day ago the one before the newest was current.
    Set<Long> versions = new TreeSet<>(List.of(2L, newest - 1, newest));
    for (long version : versions) {
      rows.put(version, rows(version));
      kept.addAll(filesBySpark(version));
    }
    Set<String> before = files();
    Rules rules = new Rules(Duration.ofHours(12), Duration.ZERO);
    Vacuum vacuum = new Vacuum(lake, rules, histories -> List.of(pin));

    Vacuum.Plan plan = vacuum.plan();
    Set<String> expected = new TreeSet<>(before);
    expected.removeAll(kept);
    assertThat(deleted(plan)).isEqualTo(expected).hasSizeGreaterThan(3);
    assertThat(before).containsAll(kept).hasSize(expected.size() + kept.size());
    assertThat(plan.tables().get(0).why()).isEqualTo("newest, 1 of the last 12h, pinned by audit");
    assertThat(plan.tables().get(0).versions()).isEqualTo(versions.size());

    long bytes = TablePlan.Size.of(TableFolder.list(lake, "facts")).bytes();
    TablePlan.Size freed = vacuum.delete(plan).get("facts");
    assertThat(files()).isEqualTo(new TreeSet<>(kept));
    assertThat(bytes - TablePlan.Size.of(TableFolder.list(lake, "facts")).bytes())
        .isEqualTo(freed.bytes())
        .isEqualTo(plan.deletable().bytes());
    DeltaLog.clearCache();
    rows.forEach((version, of) -> assertThat(rows(version)).as("@" + version).isEqualTo(of));
    assertThat(vacuum.plan().deletable().files()).as("again").isZero();
  }

  @Test
  void whatIsntOursOrYoungOrUncertainStays() throws IOException {
    SmallTable facts = new SmallTable(lake, FACTS);
    facts.append("p", "a", row("a", 1));
    Path folder = root.resolve("facts");
    String uuid = "06ccc5c6-e49c-4cde-96ae-5fcac08abea6";
    List<String> others =
        List.of(
            "notes.txt",
            "part-1.parquet",
            "p/v1/manifest.json",
            "_spark_metadata/part-00000-%s.c000.snappy.parquet".formatted(uuid),
            ".hidden/%s-000.parquet".formatted(uuid),
            "inner/%s-000.parquet".formatted(uuid),
            "inner/_delta_log/%020d.json".formatted(0));
    List<String> orphans =
        List.of(
            "pipeline=p/%s-000.parquet".formatted(uuid),
            "_day=2026-01-01/part-00000-%s.c000.snappy.parquet".formatted(uuid),
            "_change_data/cdc-00000-%s.c000.snappy.parquet".formatted(uuid),
            "deletion_vector_%s.bin".formatted(uuid));
    Instant old = Instant.now().minus(25, ChronoUnit.HOURS);
    for (String file : join(others, orphans)) {
      Files.createDirectories(folder.resolve(file).getParent());
      Files.writeString(folder.resolve(file), "?");
      Files.setLastModifiedTime(folder.resolve(file), FileTime.from(old));
    }
    Path young = folder.resolve("pipeline=p/16ccc5c6-e49c-4cde-96ae-5fcac08abea6-000.parquet");
    Files.writeString(young, "a transaction under way");
    Vacuum vacuum = new Vacuum(lake, new Rules(Duration.ZERO, Duration.ofHours(24)), NONE);

    Vacuum.Plan plan = vacuum.plan();
    assertThat(deleted(plan))
        .isEqualTo(orphans.stream().map(VacuumTest::last).collect(Collectors.toSet()));
    vacuum.delete(plan);
    orphans.forEach(file -> assertThat(folder.resolve(file)).doesNotExist());
    others.forEach(file -> assertThat(folder.resolve(file)).exists());
    assertThat(young).exists();
    assertThat(facts.rows()).hasSize(1);

    // A log that has lost its first commit can't tell which files are whose.
    for (int i = 0; i < 12; i++) {
      facts.append("p", "b" + i, row("b" + i, i));
    }
    Files.delete(folder.resolve("_delta_log/%020d.json".formatted(0)));
    Plans left = new Plans(new Vacuum(lake, NOTHING, NONE).plan());
    assertThat(left.of("facts").why()).isEqualTo("left alone: its log doesn't tell all");
    assertThat(left.of("facts").delete()).isEmpty();
  }

  @Test
  void aFileThatAnotherTableNamesByItsPathStays() throws IOException {
    SmallTable facts = new SmallTable(lake, FACTS);
    facts.append("p", "a", row("a", 1));
    // What a shallow clone is: the log of the one, with the whole paths of its files.
    Path clone = root.resolve("clones/facts/_delta_log");
    Files.createDirectories(clone);
    for (int i = 0; i < 2; i++) {
      String name = "%020d.json".formatted(i);
      String log = Files.readString(root.resolve("facts/_delta_log").resolve(name));
      Files.writeString(
          clone.resolve(name),
          log.replace("\"path\":\"", "\"path\":\"" + lake.path("facts") + "/"));
    }
    commit(2, removed(1));
    Vacuum vacuum = new Vacuum(lake, NOTHING, NONE);
    assertThat(vacuum.plan().deletable().files()).isZero();
    assertThat(lake.latest("clones/facts").orElseThrow().rows()).hasSize(1);
    lake.files().delete(lake.path("clones"), true);
    assertThat(vacuum.plan().deletable().files()).isEqualTo(1);
  }

  @Test
  void whoWritesMeanwhileLosesNothing() throws IOException {
    SmallTable facts = new SmallTable(lake, FACTS);
    facts.append("p", "a", row("a", 1));
    facts.append("p", "b", row("b", 2));
    commit(3, removed(1));
    // Between listing and resolving the newest version somebody takes the first file in again, as
    // RESTORE does, and the second one out.
    AtomicBoolean done = new AtomicBoolean();
    Vacuum.Pins meanwhile =
        histories -> {
          if (done.compareAndSet(false, true)) {
            facts.append("p", "c", row("c", 3));
            commit(5, add(1).toString(), removed(2), removed(4));
          }
          return List.of();
        };
    Vacuum vacuum = new Vacuum(lake, NOTHING, meanwhile);
    Vacuum.Plan plan = vacuum.plan();
    assertThat(deleted(plan))
        .doesNotContainAnyElementsOf(lake.latest("facts").orElseThrow().names());
    vacuum.delete(plan);
    assertThat(facts.rows()).extracting(row -> row.get("x")).containsExactly(1L);
    assertThat(files()).as("the second was live when it began, the third not there").hasSize(3);
    vacuum.delete(vacuum.plan());
    assertThat(files()).hasSize(1);
    assertThat(facts.rows()).extracting(row -> row.get("x")).containsExactly(1L);
  }

  @Test
  void aPinThatComesMeanwhileHolds() throws IOException {
    SmallTable facts = new SmallTable(lake, FACTS);
    facts.append("p", "a", row("a", 1));
    commit(2, removed(1));
    PinLog pins = new PinLog(lake);
    Vacuum.Pins late =
        histories -> {
          pins.add(List.of(entry("late" + (pins.version() + 1), 1)));
          return List.of();
        };
    Vacuum vacuum = new Vacuum(lake, NOTHING, late);
    Vacuum.Plan plan = vacuum.plan();
    assertThat(plan.deletable().files()).isEqualTo(1);
    assertThatThrownBy(() -> vacuum.delete(plan))
        .isInstanceOf(UnavailableException.class)
        .hasMessageStartingWith("vacuum: pins have changed while it was at work");
    assertThat(lake.at("facts", 1).rows()).hasSize(1);
    assertThat(new VacuumLog(lake).underWay(Instant.now())).as("it has ended").isEmpty();
  }

  @Test
  void oneVacuumWorksAtATime() {
    VacuumLog log = new VacuumLog(lake);
    VacuumLog.Running first = log.begin(Rules.USUAL);
    assertThat(new VacuumLog(lake).underWay(Instant.now())).isPresent();
    assertThatThrownBy(() -> log.begin(Rules.USUAL))
        .isInstanceOf(UnavailableException.class)
        .hasMessageStartingWith("vacuum: another one has been at work since 20");
    assertThat(log.underWay(Instant.now().plus(VacuumLog.SILENCE).plusSeconds(60)))
        .as("killed, it seems")
        .isEmpty();
    first.end();
    assertThat(log.underWay(Instant.now())).isEmpty();
    log.begin(Rules.USUAL).end();
  }

  @Test
  void aPinStandsUntilItIsTakenBack() {
    PinLog pins = new PinLog(lake);
    assertThat(pins.entries()).isEmpty();
    assertThat(pins.add(List.of(entry("a", 1), entry("a", 2), entry("b", 1)))).isEqualTo(3);
    assertThat(pins.add(List.of(entry("a", 1)))).as("as before").isZero();
    LocalDate end = LocalDate.parse("2026-03-01");
    PinLog.Entry shorter = new PinLog.Entry("a", "facts", 1, Optional.of(end), "", Instant.now());
    assertThat(pins.add(List.of(shorter))).isEqualTo(1);
    assertThat(pins.entries())
        .extracting(entry -> entry.pin() + " " + entry.what() + " " + entry.until().isPresent())
        .containsExactly("a facts@2 false", "b facts@1 false", "a facts@1 true");
    assertThat(pins.remove("a", List.of("facts@2"))).isEqualTo(1);
    assertThat(pins.remove("a", List.of("facts@2"))).isZero();
    assertThat(pins.remove("b", List.of())).isEqualTo(1);
    assertThat(pins.entries()).hasSize(1);
    Pin pin = new Pin(Pin.Kind.PERSON, "a", Optional.of(end), List.of());
    assertThat(pin.holdsOn(end)).isTrue();
    assertThat(pin.holdsOn(end.plusDays(1))).isFalse();
  }

  /** Rows come and go: some by whole files, some within them, some by deletion vectors. */
  private long randomHistory(Random random, int commits) {
    SmallTable facts = new SmallTable(lake, FACTS);
    facts.append("p", "first", row("first", 1));
    for (int i = 1; i < commits; i++) {
      if (i == commits / 2) {
        sql("alter table %s set tblproperties ('delta.enableDeletionVectors' = true)");
      }
      switch (random.nextInt(4)) {
        case 0, 1 -> append(i, random.nextInt(3) + 1);
        case 2 -> sql("delete from %s where x % 5 = " + random.nextInt(5));
        default -> sql("optimize %s");
      }
    }
    sql("optimize %s");
    sql("delete from %s where x % 2 = 0");
    append(commits, 2);
    return lake.latest("facts").orElseThrow().version();
  }

  /** By Spark: Kernel doesn't write tables with deletion vectors. */
  private void append(int i, int rows) {
    sql("insert into %s select 'r" + i + "', 'p', id + " + i + " from range(" + rows * 4 + ")");
  }

  /** A commit by hand. */
  private void commit(long version, String... actions) {
    String text =
        "{\"commitInfo\":{\"timestamp\":0,\"operation\":\"HAND\"}}\n" + String.join("\n", actions);
    try {
      Files.writeString(
          root.resolve("facts/_delta_log/%020d.json".formatted(version)),
          text,
          StandardOpenOption.CREATE_NEW);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The action by which a version took its file in. */
  private JsonNode add(long version) {
    try {
      for (String line :
          Files.readAllLines(root.resolve("facts/_delta_log/%020d.json".formatted(version)))) {
        JsonNode action = JSON.readTree(line);
        if (action.has("add")) {
          return action;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalStateException("no file in " + version);
  }

  /** The action that takes this file out. */
  private String removed(long version) {
    return "{\"remove\":{\"path\":%s,\"deletionTimestamp\":0,\"dataChange\":true}}"
        .formatted(add(version).path("add").path("path"));
  }

  private static List<Map<String, Object>> row(String runId, long x) {
    return List.of(Map.of("run_id", runId, "pipeline", "p", "x", x));
  }

  private static PinLog.Entry entry(String pin, long version) {
    return new PinLog.Entry(pin, "facts", version, Optional.empty(), "", Instant.now());
  }

  private void sql(String statement) {
    SparkSession spark = TestSpark.session();
    spark.sql(statement.replace("%s", "delta.`" + root.resolve("facts") + "`")).collect();
  }

  private List<String> rows(long version) {
    return TestSpark.session()
        .read()
        .format("delta")
        .option("versionAsOf", version)
        .load(root.resolve("facts").toString())
        .collectAsList()
        .stream()
        .map(Object::toString)
        .sorted()
        .toList();
  }

  /** What a version needs, as Spark's Delta says. */
  private Set<String> filesBySpark(long version) {
    DeltaLog log = DeltaLog.forTable(TestSpark.session(), root.resolve("facts").toString());
    Set<String> names = new HashSet<>();
    var snapshot = log.getSnapshotAt(version, scala.Option.empty(), scala.Option.empty(), false);
    for (AddFile file : snapshot.allFiles().collectAsList()) {
      names.add(last(file.path()));
      if (file.deletionVector() != null) {
        names.add(last(file.deletionVector().absolutePath(log.dataPath()).toString()));
      }
    }
    return names;
  }

  private Set<String> files() {
    return TableFolder.list(lake, "facts").stream()
        .map(FoundFile::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> deleted(Vacuum.Plan plan) {
    return plan.tables().stream()
        .flatMap(table -> table.delete().stream())
        .map(FoundFile::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private record Plans(Vacuum.Plan plan) {
    TablePlan of(String table) {
      return plan.tables().stream()
          .filter(one -> one.table().equals(table))
          .findFirst()
          .orElseThrow();
    }
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static List<String> join(List<String> one, List<String> other) {
    List<String> all = new ArrayList<>(one);
    all.addAll(other);
    return all;
  }
}
