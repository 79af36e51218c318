package io.millrace.diff;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.DataException;
import io.millrace.SpecException;
import io.millrace.TestSpark;
import io.millrace.diff.TableDiff.CellChange;
import io.millrace.diff.TableDiff.CellCount;
import io.millrace.diff.TableDiff.ColumnChange;
import io.millrace.diff.TableDiff.Kind;
import io.millrace.diff.TableDiff.RowChange;
import io.millrace.table.Lake;
import java.net.URI;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Differences of real Delta versions, against a comparison of all rows in memory. */
class TableComparisonTest {

  private static final StructType TYPE =
      new StructType()
          .add("id", DataTypes.LongType)
          .add("part", DataTypes.StringType)
          .add("x", DataTypes.DoubleType)
          .add("word", DataTypes.StringType)
          .add("tags", DataTypes.createMapType(DataTypes.StringType, DataTypes.IntegerType))
          .add("run_id", DataTypes.StringType);

  private final SparkSession spark = TestSpark.session();
  private Lake lake;

  @BeforeEach
  void newLake() {
    lake = Lake.open(TestSpark.temporary("lake").toString(), () -> spark);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void isThatOfAllRowsInMemory(int seed) {
    Random random = new Random(seed);
    List<Row> before = rows(random, 300, "a");
    List<Row> after = changed(before, random, "b");
    write(before, "overwrite");
    write(after, "overwrite");

    TableDiff diff = compare(1000);

    Map<Object, Row> old = byId(before);
    Map<Object, Row> now = byId(after);
    List<RowChange> expected = new ArrayList<>();
    Map<String, Long> cells = new HashMap<>();
    TreeMap<Object, Row> ids = new TreeMap<>(old);
    ids.putAll(now);
    ids.keySet()
        .forEach(id -> change(id, old.get(id), now.get(id), cells).ifPresent(expected::add));
    assertThat(diff.shown()).isEqualTo(expected);
    assertThat(diff.added()).isEqualTo(count(expected, Kind.ADDED)).isPositive();
    assertThat(diff.removed()).isEqualTo(count(expected, Kind.REMOVED)).isPositive();
    assertThat(diff.changed()).isEqualTo(count(expected, Kind.CHANGED)).isPositive();
    for (CellCount count : diff.cells()) {
      assertThat(cells.remove(count.column())).as(count.column()).isEqualTo(count.rows());
    }
    assertThat(cells).isEmpty();
    assertThat(diff.rowsBefore()).isEqualTo(before.size());
    assertThat(diff.rowsAfter()).isEqualTo(after.size());
    assertThat(diff.notCompared()).containsExactly("run_id");
  }

  @Test
  void theSameRowsWrittenAgainAreNoChange() {
    List<Row> rows = rows(new Random(7), 200, "a");
    write(rows, "overwrite");
    spark
        .createDataFrame(rows, TYPE)
        .repartition(5)
        .withColumn("run_id", expr("'another'"))
        .write()
        .format("delta")
        .mode("overwrite")
        .save(lake.path("t").toString());

    TableDiff diff = compare(10);

    assertThat(diff.isSame()).isTrue();
    assertThat(diff.shown()).isEmpty();
    assertThat(diff.filesRead()).isPositive().isEqualTo(diff.files());
    TableDiff all =
        new TableComparison(lake.at("t", 0), lake.at("t", 1), List.of("id"), true).diff(0);
    assertThat(all.changed()).isEqualTo(200);
    assertThat(all.cells()).containsExactly(new CellCount("run_id", 200));
  }

  @Test
  void filesOfBothVersionsAreNotRead() {
    write(rows(new Random(7), 100, "a"), "overwrite");
    long files = lake.latest("t").orElseThrow().files().size();
    write(List.of(RowFactory.create(1000L, "p0", 1.0, "new", null, "a")), "append");

    TableDiff diff = compare(10);

    assertThat(diff.added()).isOne();
    assertThat(diff.removed() + diff.changed()).isZero();
    assertThat(diff.filesRead()).isOne();
    assertThat(diff.files()).isEqualTo(files + 1);
    assertThat(diff.shown()).containsExactly(new RowChange(Kind.ADDED, List.of("1000"), List.of()));
  }

  @Test
  void rowsThatADeletionVectorHidesAreGone() {
    write(rows(new Random(7), 100, "a"), "overwrite");
    String path = lake.path("t").toString();
    spark.sql(
        "alter table delta.`%s` set tblproperties ('delta.enableDeletionVectors' = 'true')"
            .formatted(path));
    spark.sql("delete from delta.`%s` where id in (3, 5)".formatted(path));

    TableDiff diff = compare(10);

    assertThat(diff.removed()).isEqualTo(2);
    assertThat(diff.rowsAfter()).isEqualTo(98);
    assertThat(diff.shown()).extracting(change -> change.key().get(0)).containsExactly("3", "5");
  }

  @Test
  void columnsComeGoAndGetOtherTypes() {
    Dataset<Row> rows = spark.range(3).select(col("id"), expr("cast(id as int) as n"));
    save(rows.withColumn("old", expr("1")));
    save(rows.withColumn("n", expr("if(id = 1, 7L, n)")).withColumn("fresh", expr("'x'")));

    TableDiff diff = compare(10);

    assertThat(diff.columns())
        .containsExactly(
            new ColumnChange("n", Optional.of("int"), Optional.of("bigint")),
            new ColumnChange("old", Optional.of("int"), Optional.empty()),
            new ColumnChange("fresh", Optional.empty(), Optional.of("string")));
    assertThat(diff.shown())
        .containsExactly(
            new RowChange(Kind.CHANGED, List.of("1"), List.of(new CellChange("n", "1", "7"))));
  }

  @Test
  void valuesAreComparedAsTheWiderTypeWhicheverSideHasIt() {
    Dataset<Row> rows = spark.range(3).toDF();
    save(rows.select(col("id"), expr("if(id = 0, 1L, null) as n"), expr("2L as word")));
    save(
        rows.select(
            expr("cast(id as string) as id"),
            expr("if(id = 0, 1.5D, null) as n"),
            expr("if(id = 1, 'A12', '2') as word")));

    TableDiff back =
        new TableComparison(lake.at("t", 1), lake.at("t", 0), List.of("id"), false).diff(10);

    assertThat(back.shown())
        .containsExactly(
            new RowChange(Kind.CHANGED, List.of("0"), List.of(new CellChange("n", "1.5", "1.0"))),
            new RowChange(Kind.CHANGED, List.of("1"), List.of(new CellChange("word", "A12", "2"))));
    assertThat(back.columns())
        .contains(new ColumnChange("n", Optional.of("double"), Optional.of("bigint")));
    assertThat(compare(10).shown()).hasSize(2);
  }

  @Test
  void nullsLengthsAndMapsWithinNestedValuesCount() {
    List<List<String>> pairs =
        List.of(
            List.of("list", "array(1, null)", "array(null, 1)"),
            List.of("list", "array(1, null)", "array(1)"),
            List.of("lists", "array(array(1), array(2))", "array(array(1, 2))"),
            List.of(
                "pair",
                "named_struct('a', 1, 'b', cast(null as int))",
                "named_struct('a', cast(null as int), 'b', 1)"),
            List.of(
                "pair",
                "cast(null as struct<a: int, b: int>)",
                "named_struct('a', null, 'b', null)"),
            List.of("maps", "array(map(1, 'x', 2, null))", "array(map(1, 'x', 2, 'y'))"),
            List.of("times", "array(timestamp_micros(1))", "array(timestamp_micros(2))"));
    List<List<String>> same =
        List.of(
            List.of("maps", "array(map(1, 'x', 2, 'y'))", "array(map(2, 'y', 1, 'x'))"),
            List.of("numbers", "array(0.0D, double('NaN'))", "array(-0.0D, double('NaN'))"));
    List<List<String>> all = new ArrayList<>(pairs);
    all.addAll(same);
    save(nested(all, 1));
    save(nested(all, 2));

    TableDiff diff = compare(20);

    assertThat(diff.shown())
        .extracting(change -> change.key().get(0), change -> change.cells().get(0).column())
        .containsExactlyElementsOf(
            IntStream.range(0, pairs.size())
                .mapToObj(i -> tuple(String.valueOf(i), pairs.get(i).get(0)))
                .toList());
    assertThat(diff.shown()).allMatch(change -> change.cells().size() == 1);
    assertThat(diff.shown().stream().flatMap(change -> change.cells().stream()))
        .allMatch(cell -> !Objects.equals(cell.before(), cell.after()))
        .contains(new CellChange("pair", "{\"a\":1,\"b\":null}", "{\"a\":null,\"b\":1}"));
    assertThat(diff.changed()).isEqualTo(pairs.size());
  }

  /** A row for each case, in which all columns but that of the case are null. */
  private Dataset<Row> nested(List<List<String>> cases, int side) {
    Map<String, String> columns = new java.util.LinkedHashMap<>();
    for (int i = 0; i < cases.size(); i++) {
      String when = " when id = %d then %s".formatted(i, cases.get(i).get(side));
      columns.merge(cases.get(i).get(0), when, String::concat);
    }
    Dataset<Row> rows = spark.range(cases.size()).toDF();
    for (Map.Entry<String, String> column : columns.entrySet()) {
      rows = rows.withColumn(column.getKey(), expr("case" + column.getValue() + " end"));
    }
    return rows;
  }

  @Test
  void daysBeyondTheOneThatIsSeenAreNeverOpened() {
    String path = lake.path("t").toString();
    for (int version = 0; version < 2; version++) {
      spark
          .range(4)
          .select(
              col("id"),
              expr("date_add(date'2026-03-01', int(id)) as day"),
              expr("id * %d as n".formatted(version)))
          .write()
          .format("delta")
          .mode("overwrite")
          .partitionBy("day")
          .save(path);
    }
    assertThat(lake.at("t", 0).files())
        .filteredOn(file -> file.partition().get("day").equals("2026-03-04"))
        .hasSize(1)
        .allMatch(
            file -> Path.of(URI.create(path + "/").getPath(), file.logPath()).toFile().delete());

    LocalDate third = LocalDate.parse("2026-03-03");
    TableDiff diff =
        new TableComparison(
                lake.at("t", 0).upTo("day", third.minusDays(1)),
                lake.at("t", 1).upTo("day", third),
                List.of("id"),
                false)
            .diff(10);

    assertThat(diff.shown())
        .extracting(change -> change.key().get(0), RowChange::kind)
        .containsExactly(tuple("1", Kind.CHANGED), tuple("2", Kind.ADDED));
    assertThat(List.of(diff.rowsBefore(), diff.rowsAfter())).containsExactly(2L, 3L);
  }

  @Test
  void aKeyThatStandsTwiceIsRefusedAndSoIsOneThatIsNotThere() {
    save(spark.range(4).select(col("id"), expr("id % 2 as half")));
    save(spark.range(5).select(col("id"), expr("id % 2 as half")));

    assertThatThrownBy(() -> compare(List.of("half")))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "t: the key isn't unique in what is compared (2 of its values, such as half = 0); name one"
                + " by --by that is");
    assertThatThrownBy(() -> compare(List.of("haf")))
        .isInstanceOf(SpecException.class)
        .hasMessageStartingWith("--by: t has no column haf; did you mean half?");
    assertThatThrownBy(() -> compare(List.of()))
        .isInstanceOf(SpecException.class)
        .hasMessage("t: no key is known of it; name its columns by --by: id, half");
  }

  @Test
  void theColumnsThatMovedMostComeFirst() {
    Dataset<Row> rows =
        spark
            .range(2000)
            .select(
                col("id"),
                expr("id % 10 as digit"),
                expr("double(id) as still"),
                expr("if(id % 4 = 0, 'a', 'b') as half"));
    save(rows);
    save(rows.withColumn("digit", expr("if(half = 'a', 0L, digit)")));

    List<Moved> moved =
        Moved.between(
            lake.at("t", 0), lake.at("t", 1), List.of("digit", "still"), Optional.of("half"));

    assertThat(moved).extracting(Moved::column).startsWith("digit", "digit");
    assertThat(moved.get(0).slice()).isEqualTo("half = a");
    assertThat(moved.get(0).rowsAfter()).isEqualTo(500);
    assertThat(moved.get(0).jensenShannon()).isGreaterThan(moved.get(1).jensenShannon());
    assertThat(moved.stream().filter(m -> m.column().equals("still")))
        .hasSize(3)
        .allMatch(m -> m.jensenShannon() == 0 && m.psi() == 0);
  }

  private TableDiff compare(int shown) {
    long newest = lake.latest("t").orElseThrow().version();
    return new TableComparison(lake.at("t", newest - 1), lake.at("t", newest), List.of("id"), false)
        .diff(shown);
  }

  private TableDiff compare(List<String> by) {
    return new TableComparison(lake.at("t", 0), lake.at("t", 1), by, false).diff(10);
  }

  private void write(List<Row> rows, String mode) {
    spark
        .createDataFrame(rows, TYPE)
        .write()
        .format("delta")
        .mode(mode)
        .partitionBy("part")
        .save(lake.path("t").toString());
  }

  private void save(Dataset<Row> rows) {
    rows.coalesce(1)
        .write()
        .format("delta")
        .mode("overwrite")
        .option("overwriteSchema", "true")
        .save(lake.path("t").toString());
  }

  private static List<Row> rows(Random random, int number, String run) {
    List<Row> rows = new ArrayList<>();
    for (long id = 0; id < number; id++) {
      rows.add(row(random, id, run));
    }
    return rows;
  }

  private static Row row(Random random, long id, String run) {
    Double x =
        switch (random.nextInt(8)) {
          case 0 -> null;
          case 1 -> Double.NaN;
          case 2 -> 0.0;
          default -> (double) random.nextInt(3);
        };
    String word = random.nextInt(5) == 0 ? null : "w" + random.nextInt(3);
    Map<String, Integer> tags =
        random.nextInt(4) == 0 ? null : Map.of("a", random.nextInt(2), "b", 1);
    return RowFactory.create(id, "p" + id % 3, x, word, tags, run);
  }

  /** Some rows drawn anew, some gone, some new, one zero with another sign. */
  private static List<Row> changed(List<Row> before, Random random, String run) {
    List<Row> after = new ArrayList<>();
    for (Row row : before) {
      int fate = random.nextInt(20);
      if (fate == 0) {
        continue;
      }
      Row fresh = row(random, row.getLong(0), run);
      Object x = fate < 4 ? fresh.get(2) : row.get(2);
      x = Objects.equals(x, 0.0) ? (Object) (-0.0) : x;
      after.add(
          RowFactory.create(
              row.get(0),
              row.get(1),
              x,
              fate < 4 ? fresh.get(3) : row.get(3),
              fate < 4 ? fresh.get(4) : row.get(4),
              run));
    }
    for (long id = 1000; id < 1010; id++) {
      after.add(row(random, id, run));
    }
    return after;
  }

  private static Map<Object, Row> byId(List<Row> rows) {
    Map<Object, Row> byId = new HashMap<>();
    rows.forEach(row -> byId.put(row.get(0), row));
    return byId;
  }

  private static Optional<RowChange> change(Object id, Row old, Row now, Map<String, Long> counts) {
    List<String> key = List.of(id.toString());
    if (old == null || now == null) {
      return Optional.of(new RowChange(old == null ? Kind.ADDED : Kind.REMOVED, key, List.of()));
    }
    List<CellChange> cells = new ArrayList<>();
    for (int i : Arrays.asList(1, 2, 3, 4)) {
      if (!same(old.get(i), now.get(i))) {
        cells.add(new CellChange(TYPE.fieldNames()[i], text(old.get(i)), text(now.get(i))));
        counts.merge(TYPE.fieldNames()[i], 1L, Long::sum);
      }
    }
    return cells.isEmpty()
        ? Optional.empty()
        : Optional.of(new RowChange(Kind.CHANGED, key, cells));
  }

  private static boolean same(Object a, Object b) {
    return a instanceof Double x && b instanceof Double y
        ? x.equals(y) || x.doubleValue() == y.doubleValue()
        : Objects.equals(a, b);
  }

  private static String text(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .sorted(java.util.Comparator.comparing(e -> (String) e.getKey()))
          .map(e -> "\"%s\":%s".formatted(e.getKey(), e.getValue()))
          .collect(java.util.stream.Collectors.joining(",", "{", "}"));
    }
    return value == null ? null : value.toString();
  }

  private static long count(List<RowChange> changes, Kind kind) {
    return changes.stream().filter(change -> change.kind() == kind).count();
  }
}
