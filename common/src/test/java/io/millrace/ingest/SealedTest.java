package io.millrace.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.TestSpark;
import io.millrace.config.SourceSpec.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node of a plan that keeps a tree says what the tree says, generated or interpreted. */
class SealedTest {

  private static final String[] TEXTS = {
    "1",
    "-7",
    "+5",
    "007",
    "17850.0",
    "1.5",
    "1e-3",
    "1e999",
    "NaN",
    "inf",
    "-Infinity",
    "1d",
    "0x1p3",
    "9223372036854775808",
    "true",
    "F",
    "no",
    "2026-01-31",
    "2026-01-31 23:59:59.5",
    "2026-02-30",
    "2026-01-31T00:00:00",
    "31/01/2026",
    "",
    " ",
    " 12 ",
    "NA",
    "caf\ufffd",
    "x"
  };
  private static final List<String> NULLS = List.of("NA", "x");

  @AfterEach
  void interpretAgain() {
    TestSpark.compileOnly(false);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSealedCastIsTheCast(boolean compiled) {
    TestSpark.compileOnly(compiled);
    Dataset<Row> rows = rows(1, 300);
    for (ColumnType type : ColumnType.values()) {
      for (Optional<String> format : List.of(Optional.<String>empty(), Optional.of("dd/MM/yyyy"))) {
        Column plain = Casts.cast(known(col("c0")), DataTypes.StringType, type, format);
        Column tree = Casts.cast(known(Sealed.value()), DataTypes.StringType, type, format);
        Expression one = compile(List.of(tree)).get(0);
        List<Row> found =
            rows.select(
                    plain.cast("string"),
                    Sealed.ask(one, col("c0")).cast("string"),
                    Sealed.ask(one, Sealed.ask(compile(List.of(Sealed.value())).get(0), col("c0")))
                        .cast("string"))
                .collectAsList();
        assertThat(found).hasSize(300);
        assertThat(found).as(type + " " + format).allMatch(row -> same(row, 1) && same(row, 2));
        assertThat(found.stream().filter(row -> !row.isNullAt(0))).as("" + type).isNotEmpty();
      }
    }
  }

  private static boolean same(Row row, int column) {
    return java.util.Objects.equals(row.get(0), row.get(column));
  }

  /** So many that generated code is split into methods, and that it isn't. */
  @ParameterizedTest
  @ValueSource(ints = {3, 80})
  void theFaultsOfARowAreThoseOfItsCells(int columns) {
    Dataset<Row> rows = rows(columns, 40);
    Column isBroken = known(Sealed.value()).isNotNull().and(number(Sealed.value()).isNull());
    Expression broken = compile(List.of(isBroken)).get(0);
    Expression absent = compile(List.of(known(Sealed.value()).isNull())).get(0);
    List<Column> questions = new ArrayList<>();
    List<Column> twins = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      questions.add(Sealed.ask(broken, col("c" + i)));
      twins.add(known(col("c" + i)).isNotNull().and(number(col("c" + i)).isNull()));
    }
    questions.add(Sealed.ask(absent, col("c1")));
    twins.add(known(col("c1")).isNull());
    Column faults = CellFaults.of(questions);
    List<Row> expected = rows.select(twins.toArray(Column[]::new)).collectAsList();
    for (boolean compiled : List.of(false, true)) {
      TestSpark.compileOnly(compiled);
      List<Row> found = rows.select(faults).collectAsList();
      assertThat(rows.where(faults.isNull()).count())
          .isEqualTo(found.stream().filter(row -> row.isNullAt(0)).count());
      for (int row = 0; row < found.size(); row++) {
        List<Integer> told = found.get(row).isNullAt(0) ? List.of() : found.get(row).getList(0);
        assertThat(told).isEqualTo(positions(expected.get(row)));
      }
      assertThat(found).anyMatch(row -> !row.isNullAt(0)).anyMatch(row -> row.isNullAt(0));
    }
  }

  private static List<Integer> positions(Row twin) {
    return IntStream.range(0, twin.size())
        .filter(i -> Boolean.TRUE.equals(twin.get(i)))
        .boxed()
        .toList();
  }

  @Test
  void aPlanHoldsOneNodeForEachCell() {
    Expression one = compile(List.of(number(Sealed.value()))).get(0);
    assertThat(nodes(one)).isGreaterThan(15);
    var plan =
        ((org.apache.spark.sql.classic.Dataset<Row>)
                rows(1, 1).select(Sealed.ask(one, col("c0")).as("n")))
            .queryExecution()
            .optimizedPlan();
    assertThat(nodes(plan.expressions().head())).isEqualTo(3);
  }

  private static long nodes(Expression tree) {
    return 1
        + scala.jdk.javaapi.CollectionConverters.asJava(tree.children()).stream()
            .mapToLong(SealedTest::nodes)
            .sum();
  }

  private static Column known(Column value) {
    return Casts.known(value, DataTypes.StringType, NULLS);
  }

  private static Column number(Column value) {
    return Casts.cast(known(value), DataTypes.StringType, ColumnType.DOUBLE, Optional.empty());
  }

  private static List<Expression> compile(List<Column> questions) {
    return Sealed.compile(TestSpark.session(), DataTypes.StringType, questions);
  }

  /** Texts and nulls at random; a row in three has numbers only. */
  private static Dataset<Row> rows(int columns, int count) {
    Random random = new Random(columns);
    StructType schema = new StructType();
    for (int i = 0; i < columns; i++) {
      schema = schema.add("c" + i, DataTypes.StringType);
    }
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Object[] cells = new Object[columns];
      for (int j = 0; j < columns; j++) {
        int text = random.nextInt(TEXTS.length + 1);
        cells[j] = i % 3 == 0 ? "" + j : text == TEXTS.length ? null : TEXTS[text];
      }
      rows.add(RowFactory.create(cells));
    }
    Dataset<Row> made = TestSpark.session().createDataFrame(rows, schema);
    // Rows of an RDD: those of a list would be computed by the optimizer.
    return TestSpark.session().createDataFrame(made.toJavaRDD(), schema).where(lit(true));
  }
}
