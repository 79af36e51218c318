package io.millrace.branch;

import io.millrace.Hashes;
import io.millrace.TestSpark;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import io.millrace.table.RawColumns;
import io.millrace.table.RunRow;
import io.millrace.table.SlicePublisher;
import io.millrace.table.SliceState;
import io.millrace.table.TableDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Date;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A lake with one raw table of members, a snapshot a day, for tests of branches. */
public final class RawLake {

  public static final String TABLE = "raw/members";
  public static final String DAY = "2026-03-01";
  public static final String NEXT = "2026-03-02";
  static final List<String> KEY = List.of("id", RawColumns.DAY);

  static final StructType TYPE =
      new StructType()
          .add(RawColumns.RUN_ID, DataTypes.StringType)
          .add(RawColumns.DAY, DataTypes.DateType)
          .add(RawColumns.INGESTED, DataTypes.DateType)
          .add(RawColumns.FILE, DataTypes.StringType)
          .add(RawColumns.ROW_ID, DataTypes.StringType)
          .add("id", DataTypes.LongType)
          .add("town", DataTypes.StringType)
          .add("paid", DataTypes.StringType);

  public static final TableDefinition DEFINITION =
      new TableDefinition(
          TABLE,
          "Members",
          TYPE,
          Optional.of(RawColumns.DAY),
          List.of(RawColumns.RUN_ID, RawColumns.INGESTED));

  final Path folder = TestSpark.temporary("lake");
  public final Lake main = open();
  public final Branches branches = new Branches(main);

  /** The lake as another process sees it. */
  public Lake open() {
    return Lake.open(folder.toString(), TestSpark::session);
  }

  public Path folder() {
    return folder;
  }

  static String run(String name) {
    return name.repeat(32).substring(0, 32);
  }

  static Row row(String run, String day, long id, String town, String paid) {
    Date date = Date.valueOf(day);
    String file = "members-" + day + ".csv";
    Object[] values = {run(run), date, date, file, "r" + id, id, town, paid};
    return new GenericRowWithSchema(values, TYPE);
  }

  /** Replaces a day. */
  public static void publish(Lake lake, String run, String day, List<Row> rows) {
    SliceState held =
        lake.latest(TABLE)
            .map(table -> table.slice(RawColumns.DAY, day))
            .orElse(SliceState.empty(day));
    Dataset<Row> data = TestSpark.session().createDataFrame(rows, TYPE).coalesce(1);
    SlicePublisher.replace(
        lake, DEFINITION, data, List.of(held), List.of(runRow(run(run), "ingest", day)));
  }

  /** Three members on a day. */
  public static void publish(Lake lake, String run, String day, String... towns) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < towns.length; i++) {
      rows.add(row(run, day, i + 1, towns[i], "no"));
    }
    publish(lake, run, day, rows);
  }

  public static RunRow runRow(String id, String stage, String day) {
    Instant now = Instant.now();
    LocalDate date = LocalDate.parse(day);
    return new RunRow(
        id, "club", stage, date, "done", now, now, "s", "c", List.of(), List.of(), 0, 0, 0, "",
        List.of());
  }

  /** What somebody does with any Delta tool. */
  static void sql(Lake lake, String statement) {
    TestSpark.session().sql(statement.formatted("delta.`" + lake.path(TABLE) + "`"));
  }

  /** Rows by id and day, as text, without who brought them. */
  static Map<String, String> content(PinnedTable table) {
    Map<String, String> content = new TreeMap<>();
    table
        .read()
        .collectAsList()
        .forEach(
            row -> {
              String key = row.getAs("id") + " " + row.getAs(RawColumns.DAY);
              String cells = row.getAs("town") + " " + row.getAs("paid");
              if (content.put(key, cells) != null) {
                throw new IllegalStateException(key + " stands twice");
              }
            });
    return content;
  }

  Map<String, String> content() {
    return content(main.latest(TABLE).orElseThrow());
  }

  /** A hash of each file outside of branches. */
  public static Map<String, String> bytes(Path folder) {
    Map<String, String> bytes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(file).toString();
        if (!name.startsWith("_branches/")) {
          String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
          bytes.put(name, Hashes.sha256Hex(text));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes;
  }
}
