package io.millrace.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.SpecException;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
        "[C-41.x]"
      })
  void isFoundAsAWord(String text) {
    assertThat(person.isIn(text)).isTrue();
    assertThat(person.redacted(text)).doesNotContain("C-41").contains("(erased)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"C-41.xy", "AC-41.x", "C-41ax", "C-41.x1", "c-41.x", "1.C-41.x"})
  void isNotFoundAsAPartOfAnother(String text) {
    assertThat(person.isIn(text)).isFalse();
    assertThat(person.redacted(text)).isEqualTo(text);
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
    StructType schema = new StructType().add("id", DataTypes.DoubleType);
    assertThatThrownBy(() -> person.rows("raw/x", schema))
        .isInstanceOf(SpecException.class)
        .hasMessage(
            "raw/x: column id is of type double; only texts, whole numbers and days can tell a person");
    assertThat(person.rows("raw/x", new StructType().add("n", DataTypes.LongType))).isEmpty();
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
