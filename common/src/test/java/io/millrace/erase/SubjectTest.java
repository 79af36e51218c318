package io.millrace.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.SpecException;
import io.millrace.TestSpark;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who a text speaks of. */
class SubjectTest {

  private final Subject person = Subject.parse(List.of("id=C-41.x"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "C-41.x",
        "id C-41.x.",
        "{\"row\":\"{\\\"id\\\":\\\"C-41.x\\\"}\"}",
        "a,C-41.x,b",
        "line\\nC-41.x",
        "<td>C-41.x</td>",
        "[C-41.x]",
        "C-41.x.2026-03-01.csv",
        "call 1.C-41.x"
      })
  void isFoundAsAWord(String text) {
    assertThat(person.isIn(text)).isTrue();
    assertThat(person.redacted(text)).doesNotContain("C-41").contains("(erased)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"C-41.xy", "AC-41.x", "C-41ax", "C-41.x1", "c-41.x", "1C-41.x"})
  void isNotFoundAsAPartOfAnother(String text) {
    assertThat(person.isIn(text)).isFalse();
    assertThat(person.redacted(text)).isEqualTo(text);
  }

  @Test
  void aNumberIsNoPartOfADecimal() {
    Subject number = Subject.parse(List.of("id=123456789"));
    assertThat(number.isIn("1.123456789")).isFalse();
    assertThat(number.isIn("123456789.5")).isFalse();
    assertThat(number.isIn("of 123456789.")).isTrue();
    assertThat(number.isIn("123456789.csv")).isTrue();
  }

  @Test
  void isFoundAsJsonAndHtmlWriteIt() {
    Subject odd = Subject.parse(List.of("name=O\"Neil & <co>"));
    assertThat(odd.isIn("{\"n\":\"O\\\"Neil & <co>\"}")).isTrue();
    assertThat(odd.isIn("<p>O&#34;Neil &amp; &lt;co&gt;</p>")).isTrue();
  }

  @Test
  void aShortNumberIsAPersonOnlyInItsColumn() {
    Subject short1 = Subject.parse(List.of("id=1007"));
    assertThat(short1.isDistinctive()).isFalse();
    assertThat(short1.isIn("1007")).isFalse();
    assertThat(short1.isIn("{\"id\":\"1007\",\"n\":\"1\"}")).isTrue();
    assertThat(short1.isIn("{\"id\":1007}")).isTrue();
    assertThat(short1.isIn("{\"n\":\"1007\",\"id\":\"1\"}")).isFalse();
    assertThat(Subject.parse(List.of("id=123456789")).isDistinctive()).isTrue();
    assertThat(Subject.parse(List.of("a=C1007X", "b=2")).isDistinctive()).isFalse();
  }

  @Test
  void aKeyOfATypeWithoutATextIsRefused() {
    StructType schema = new StructType().add("id", DataTypes.BooleanType);
    assertThatThrownBy(() -> person.rows("raw/x", schema))
        .isInstanceOf(SpecException.class)
        .hasMessage(
            "raw/x: column id is of type boolean; only texts, whole numbers and days can tell a person; if it means something else there, say --except raw/x");
    assertThat(person.rows("raw/x", new StructType().add("n", DataTypes.LongType))).isEmpty();
  }

  /**
   * A column that is read as numbers with a point, or was widened to one, holds the same person.
   */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "17850, bigint, 17850L",
        "17850, int, 17850",
        "17850, double, 17850D",
        "12345678901, double, 12345678901D",
        "17850.5, double, 17850.5D",
        "17850, string, '17850'",
        "2026-03-01, date, date'2026-03-01'",
        "2026-03-01, timestamp, timestamp'2026-03-01 00:00:00'",
        "2026-03-01 06:30:00, timestamp, timestamp'2026-03-01 06:30:00'"
      })
  void aKeyIsTheSameOfWhateverType(String told, String type, String value) {
    Dataset<Row> rows = TestSpark.session().sql("select %s id".formatted(value));
    assertThat(rows.schema().apply("id").dataType().simpleString()).isEqualTo(type);
    Subject subject = Subject.parse(List.of("id=" + told));

    assertThat(rows.where(subject.rows("raw/x", rows.schema()).orElseThrow()).count()).isOne();
    assertThat(rows.select(KeyTexts.canonical(List.of("id"), rows.schema())).first().getString(0))
        .isEqualTo(subject.canonical());
    subject.requireWritten(List.of(rows.schema()));
  }

  /** Refused rows are kept as the reader's JSON, which writes types in ways of its own. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "17850, 17850D",
        "41000123, 41000123D",
        "40000000, 40000000D",
        "12345678901, 12345678901D",
        "-41000123, -41000123D",
        "17850.5, 17850.5D",
        "2026-03-01, date'2026-03-01'",
        "2026-03-01, timestamp'2026-03-01 00:00:00'",
        "2026-03-01 06:30:00, timestamp'2026-03-01 06:30:00'",
        "2026-03-01 06:30:00.25, timestamp'2026-03-01 06:30:00.25'"
      })
  void aRefusedRowIsThePersonsOfWhateverType(String told, String value) {
    String row =
        TestSpark.session()
            .sql("select to_json(named_struct('id', %s, 'n', 1)) r".formatted(value))
            .first()
            .getString(0);
    Subject subject = Subject.parse(List.of("id=" + told));
    assertThat(subject.isIn(row)).as(row).isTrue();
    Subject other = Subject.parse(List.of("n=" + told));
    assertThat(other.isIn(row))
        .as("a long one is found as a word")
        .isEqualTo(other.isDistinctive());
    assertThat(KeyTexts.plain(KeyTexts.cells(row).get("id"))).isEqualTo(told);
  }

  @Test
  void aLongNumberIsFoundInTextsAsADoubleToo() {
    Subject number = Subject.parse(List.of("id=123456789"));
    assertThat(number.isIn("key 1.23456789E8 is there twice")).isTrue();
    assertThat(number.redacted("key 1.23456789E8")).isEqualTo("key (erased)");
    assertThat(number.isIn("1.23456789E80")).isFalse();
    assertThat(number.isIn("1.23456789")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "0042, 42",
    "42.0, 42",
    "-0.0, 0",
    "4.2E1, 42",
    "4.25E1, 4.25E1",
    "12E3, 12E3",
    "1.5, 1.5",
    "2026-03-01T00:00:00.000Z, 2026-03-01",
    "2026-03-01T01:00:00+01:00, 2026-03-01",
    "2026-03-01 06:30:00.500, 2026-03-01 06:30:00.5",
    "2026-13-01T00:00:00Z, 2026-13-01T00:00:00Z"
  })
  void numbersAndTimesHaveOneText(String text, String plain) {
    assertThat(KeyTexts.plain(text)).isEqualTo(plain);
  }

  @Test
  void aNumberThatIsNoneTellsNobody() {
    Dataset<Row> rows =
        TestSpark.session()
            .sql("select explode(array(double('NaN'), double('Infinity'), 1e300D, null)) id");
    for (String told : List.of("0", "9223372036854775807", "-1")) {
      Subject subject = Subject.parse(List.of("id=" + told));
      assertThat(rows.where(subject.rows("raw/x", rows.schema()).orElseThrow()).count()).isZero();
    }
  }

  @Test
  void aValueThatNoTableCanHoldIsRefused() {
    StructType whole = new StructType().add("id", DataTypes.LongType);
    StructType real = new StructType().add("id", DataTypes.DoubleType);
    StructType text = new StructType().add("id", DataTypes.StringType);
    StructType day = new StructType().add("id", DataTypes.DateType);
    assertThatThrownBy(() -> typed("041000").requireWritten(List.of(whole, real)))
        .isInstanceOf(SpecException.class)
        .hasMessage("--subject: no value of column id is written like that; write id=41000");
    assertThatThrownBy(() -> typed("C41000").requireWritten(List.of(whole, day)))
        .isInstanceOf(SpecException.class)
        .hasMessageEndingWith("its type is bigint or date");
    assertThatThrownBy(() -> typed("1.5").requireWritten(List.of(whole)))
        .isInstanceOf(SpecException.class);
    assertThatThrownBy(() -> typed("2026-3-1").requireWritten(List.of(day)))
        .isInstanceOf(SpecException.class);
    typed("041000").requireWritten(List.of(whole, text));
    typed("1.5").requireWritten(List.of(whole, real));
    typed("2026-03-01").requireWritten(List.of(day));
  }

  private static Subject typed(String value) {
    return Subject.parse(List.of("id=" + value));
  }

  @Test
  void aRefusedRowIsReadAsItsTableWouldHave() {
    Subject short1 = Subject.parse(List.of("customer_id=41000"));
    for (String cell : List.of("\"41000\"", "41000", "\"041000\"", "\"41000.0\"", "\"+41000\"")) {
      assertThat(short1.isIn("{\"customer id\":%s,\"n\":\"x\"}".formatted(cell))).as(cell).isTrue();
    }
    for (String cell : List.of("\"410001\"", "41000.5", "\"41000x\"", "{\"a\":41000}")) {
      assertThat(short1.isIn("{\"customer id\":%s}".formatted(cell))).as(cell).isFalse();
    }
    Subject two = Subject.parse(List.of("shop=7", "customer_id=1"));
    assertThat(two.isIn("{\"shop\":\"07\",\"customer id\":\"1.0\"}")).isTrue();
    assertThat(two.isIn("{\"shop\":\"7\"}")).isFalse();
  }

  @Test
  void aReasonNamesAPersonByWhateverPartOfTheKey() {
    assertThat(typed("41000").isNamedIn("customer 41000 asked on 1 May")).isTrue();
    assertThat(typed("41000").isNamedIn("request 31 of 2026-05-01")).isFalse();
    assertThat(Subject.parse(List.of("a=Ann", "b=22")).isNamedIn("b 22 has gone")).isTrue();
  }

  @Test
  void aTextThatIsTheValueMayBeAKeyOfItsOwn() {
    assertThat(person.redactedWithin("C-41.x")).isEqualTo("C-41.x");
    assertThat(person.redactedWithin("of C-41.x")).isEqualTo("of (erased)");
    assertThat(person.redactedWithin(null)).isNull();
  }

  @Test
  void nestedTextsAreRedacted() {
    Dataset<Row> rows =
        TestSpark.session()
            .sql(
                "select array(named_struct('t', 'x:C-41.x.csv', 'v', 3L), null) inputs,"
                    + " named_struct('deep', array('C-41.x')) held, 'C-41.x' untouched");
    Dataset<Row> redacted =
        Texts.redacted(rows, person, Set.of("inputs.list.element.t", "held"), false);
    assertThat(redacted.schema().simpleString()).isEqualTo(rows.schema().simpleString());
    assertThat(redacted.toJSON().first())
        .isEqualTo(
            "{\"inputs\":[{\"t\":\"x:(erased).csv\",\"v\":3},null],"
                + "\"held\":{\"deep\":[\"(erased)\"]},\"untouched\":\"C-41.x\"}");
  }

  @Test
  void whatIsNoPairIsRefusedWithoutSayingIt() {
    assertThatThrownBy(() -> Subject.parse(List.of("C-41.x")))
        .isInstanceOf(SpecException.class)
        .hasMessageStartingWith("--subject is not COLUMN=VALUE")
        .hasMessageNotContaining("C-41");
    assertThatThrownBy(() -> Subject.parse(List.of("id=1", "id=2")))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("one person at a time");
    assertThat(person.toString()).isEqualTo("id");
  }

  /** The digest is that of Python's hmac module. */
  @Test
  void theKeyedHashIsHmacSha256() {
    ErasureKey key =
        ErasureKey.of(Map.of(ErasureKey.VARIABLE, "0123456789abcdef0123456789abcdef"), "a test");
    assertThat(key.digest(Subject.parse(List.of("visit=C1007X")).canonical()))
        .isEqualTo("9a83a52feb9cbe2b10b977eb0673ab4c2e5b783f2a295a9a479d35816e8ff032");
    assertThatThrownBy(() -> ErasureKey.of(Map.of(ErasureKey.VARIABLE, "short"), "a test"))
        .isInstanceOf(SpecException.class)
        .hasMessageStartingWith("a test: MILLRACE_ERASURE_KEY is too short");
  }
}
