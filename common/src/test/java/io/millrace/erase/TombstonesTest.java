package io.millrace.erase;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.TestSpark;
import io.millrace.table.Lake;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is kept out, where. */
class TombstonesTest {

  private static final Map<String, String> SECRET =
      Map.of(ErasureKey.VARIABLE, "0123456789abcdef0123456789abcdef");

  @TempDir private Path folder;
  private Lake lake;

  @BeforeEach
  void aLake() {
    lake = Lake.open(folder.toString(), TestSpark::session);
  }

  private void set(List<String> subject, String erasure, String... except) {
    ErasureKey key = ErasureKey.of(SECRET, "a test");
    Tombstones.set(lake, key, Subject.parse(subject), erasure, Set.of(except));
  }

  private long left(String table, String rows) {
    return Tombstones.of(lake, SECRET).without(TestSpark.session().sql(rows), table).count();
  }

  @Test
  void thePersonIsKnownInColumnsOfEveryType() {
    set(List.of("id=17850"), "e-1");
    assertThat(left("raw/a", "select explode(array(17850L, 17851L)) id")).isOne();
    assertThat(left("raw/b", "select explode(array(17850D, 17850.5D, null)) id")).isEqualTo(2);
    assertThat(left("raw/c", "select explode(array('17850', '17850.0')) id")).isOne();
  }

  @Test
  void theLastErasureSaysWhereThePersonIsAnother() {
    set(List.of("id=P-7731"), "e-1", "raw/products");
    String row = "select 'P-7731' id";
    assertThat(left("raw/products", row)).isOne();
    assertThat(left("raw/orders", row)).isZero();

    set(List.of("id=P-7731"), "e-1", "raw/products");
    set(List.of("id=P-7731"), "e-1");
    assertThat(left("raw/products", row)).isZero();

    set(List.of("id=P-7731"), "e-2", "raw/orders");
    assertThat(left("raw/products", row)).isZero();
    assertThat(left("raw/orders", row)).isOne();
    assertThat(lake.latest("tombstones").orElseThrow().rows()).hasSize(3);
  }

  @Test
  void refusedRowsAreKnownByTheirCells() {
    set(List.of("name=O'Brien, Pat"), "e-1");
    set(List.of("customer_id=41000", "shop=7"), "e-2");
    set(List.of("id=17850"), "e-3");
    List<String> erased =
        List.of(
            "{\"name\":\"O'Brien, Pat\",\"n\":\"x\"}",
            "{\"customer id\":\"041000\",\"shop\":\"7\",\"n\":\"x\"}",
            "{\"id\":\"17850.0\",\"n\":\"many\"}",
            "17850,2026-03-01,too,many,cells",
            "a;\"17850\";b",
            "a\t017850\tb");
    List<String> others =
        List.of(
            "{\"name\":\"O'Brien\",\"n\":\"Pat\"}",
            "{\"customer id\":\"41000\",\"shop\":\"8\"}",
            "{\"n\":\"17850\",\"id\":\"1\"}",
            "17851,2026-03-01",
            "");
    assertThat(kept(erased, "raw/a")).isEmpty();
    assertThat(kept(others, "raw/a")).containsExactlyElementsOf(others);
  }

  @Test
  void aCellOfALineMayHoldWhatOftenSeparatesCells() {
    set(List.of("iban=DE02 1203 0000"), "e-1");
    set(List.of("urn=urn:x:7"), "e-2", "raw/b");
    assertThat(kept(List.of("a,DE02 1203 0000,b", "a;'urn:x:7'"), "raw/a")).isEmpty();
    assertThat(kept(List.of("urn:x:7,b"), "raw/b")).hasSize(1);
  }

  private List<String> kept(List<String> texts, String table) {
    Dataset<Row> rows = TestSpark.session().createDataset(texts, Encoders.STRING()).toDF("row");
    return Tombstones.of(lake, SECRET)
        .withoutTexts(rows, "row", table)
        .as(Encoders.STRING())
        .collectAsList();
  }
}
