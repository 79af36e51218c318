package io.millrace.table;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.hex;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.lpad;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.TestSpark;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HexDigitsTest {

  @AfterEach
  void interpretAgain() {
    TestSpark.compileOnly(false);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theDigitsAreThoseOfSparksHex(boolean compiled) {
    TestSpark.compileOnly(compiled);
    List<Long> values =
        LongStream.concat(
                LongStream.of(0, 1, -1, 15, 16, Long.MIN_VALUE, Long.MAX_VALUE, 0xabcdefL),
                new Random(5).longs(200))
            .boxed()
            .toList();
    Dataset<Row> rows =
        TestSpark.session()
            .createDataset(values, Encoders.LONG())
            .selectExpr("value as a", "value * 31 + 7 as b")
            .repartition(2);
    List<Row> found =
        rows.select(HexDigits.of(col("a"), col("b")), concat(digits(col("a")), digits(col("b"))))
            .collectAsList();
    assertThat(found).hasSize(208);
    assertThat(found).allSatisfy(row -> assertThat(row.get(0)).isEqualTo(row.get(1)));
  }

  private static Column digits(Column number) {
    return lpad(lower(hex(number)), 16, "0");
  }
}
