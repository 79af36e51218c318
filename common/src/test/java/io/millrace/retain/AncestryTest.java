package io.millrace.retain;

import static io.millrace.table.TableDefinition.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.kernel.exceptions.KernelException;
import io.millrace.TestSpark;
import io.millrace.branch.RawLake;
import io.millrace.table.Lake;
import io.millrace.table.SlicePublisher;
import io.millrace.table.TableDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** What a model came from, where the log of its features tells all of it, a part, or nothing. */
class AncestryTest {

  private static final String FEATURES = "features/club";
  private static final String DATE = "2026-03-05";
  private static final String LABELS = "labels/club";

  private final Path root = TestSpark.temporary("lake");
  private final Lake lake = Lake.open(root.toString(), TestSpark::session);
  private final List<Map<String, Object>> runs = new ArrayList<>();

  private static TableDefinition definition(String table) {
    return new TableDefinition(
        table,
        "Rows of dates",
        new StructType(
            new StructField[] {
              column("run_id", DataTypes.StringType, "Run"),
              column("date", DataTypes.DateType, "Date"),
              column("x", DataTypes.LongType, "A number")
            }),
        Optional.of("date"),
        List.of("run_id"));
  }

  /** A row of a date, beside those that others have added. */
  private void add(String table, String run) {
    SlicePublisher.append(
        lake,
        definition(table),
        TestSpark.session()
            .sql("select '%s' run_id, date'%s' date, 1L x".formatted(run, DATE))
            .coalesce(1),
        run,
        0,
        List.of(RawLake.runRow(run, "features", DATE)));
  }

  /** A row of features by a run that read a version of raw. */
  private void add(String run, long raw) {
    add(FEATURES, run);
    runs.add(run(run, raw));
  }

  private static Map<String, Object> run(String id, long raw) {
    return Map.of(
        "run_id", id,
        "inputs", List.of(Map.of("table", "raw/members", "version", raw)),
        "outputs", List.of(Map.of("table", FEATURES, "version", 1L)));
  }

  private Map<String, Object> model(long features) {
    return Map.of(
        "pipeline",
        "club",
        "model_version",
        "m",
        "run_id",
        "t",
        "date",
        LocalDate.parse(DATE),
        "features_table_version",
        features,
        "labels_table_version",
        0L);
  }

  /** Versions of raw that a model at a version of the features came from. */
  private List<Long> raw(long features) {
    return new Ancestry(new Histories(lake), runs)
        .ofModel(model(features)).stream()
            .filter(need -> need.table().equals("raw/members"))
            .map(Need::version)
            .sorted()
            .toList();
  }

  @Test
  void filesTellTheirRuns() {
    add("a", 11);
    add("b", 12);
    add("c", 13);
    assertThat(raw(2)).containsExactly(11L, 12L);
  }

  @Test
  void aFileOfMoreRunsIsOpened() {
    add("a", 11);
    add("b", 12);
    TestSpark.session().sql("optimize delta.`" + root.resolve(FEATURES) + "`").collect();
    add("c", 13);
    assertThat(raw(3)).containsExactly(11L, 12L);
  }

  @Test
  void whereTheLogHasLostItsBeginningTheVersionIsOpenedOrAllIsKept() throws IOException {
    add("a", 11);
    add("b", 12);
    loseTheBeginning();
    add("c", 13);
    assertThat(new Histories(lake).of(FEATURES)).isEmpty();
    assertThat(raw(2)).as("a checkpoint has it").containsExactly(11L, 12L);
    assertThatThrownBy(() -> lake.at(FEATURES, 1)).isInstanceOf(KernelException.class);
    assertThat(raw(1)).as("nobody can open it").containsExactly(11L, 12L, 13L);
  }

  private void loseTheBeginning() throws IOException {
    DeltaLog log = DeltaLog.forTable(TestSpark.session(), root.resolve(FEATURES).toString());
    log.checkpoint();
    for (long version = 0; version < log.unsafeVolatileSnapshot().version(); version++) {
      Files.delete(root.resolve(FEATURES + "/_delta_log/%020d.json".formatted(version)));
    }
  }

  @Test
  void aModelIsPinnedOnlyByWhatKeepsAllOfIt() throws IOException {
    add("a", 11);
    add(LABELS, "y");
    Pin labels = new Pin(Pin.Kind.PERSON, "audit", Optional.empty(), List.of(Need.all(LABELS, 1)));
    Pin both =
        new Pin(
            Pin.Kind.PERSON,
            "audit",
            Optional.empty(),
            List.of(Need.all(LABELS, 1), Need.all(FEATURES, 1)));
    String unchanged = "reproducible, as long as its tables stay as they are";
    assertThat(horizon(both, 1)).isEqualTo("reproducible, pinned by audit");
    assertThat(horizon(labels, 1)).isEqualTo(unchanged);
    add("b", 12);
    loseTheBeginning();
    assertThat(horizon(labels, 2)).as("no file of the features is known").isEqualTo(unchanged);
  }

  @Test
  void aModelOfNoFilesIsPinnedByNothing() {
    add("a", 11);
    add(LABELS, "y");
    Pin other = new Pin(Pin.Kind.PERSON, "audit", Optional.empty(), List.of(Need.all("raw/x", 1)));
    assertThat(horizon(other, 0)).endsWith("as long as its tables stay as they are");
  }

  private String horizon(Pin pin, long features) {
    Histories histories = new Histories(lake);
    Rules rules = new Rules(Duration.ofDays(1), Duration.ofDays(1));
    return new Horizon(histories, new Ancestry(histories, runs), List.of(pin), rules)
        .of(model(features));
  }
}
