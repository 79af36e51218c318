package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Hashes;
import io.millrace.Stage;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalJsonTest {

  @TempDir Path folder;

  @Test
  void leavesOutAbsentKeysAndDefaultsAndKeepsTheKind() {
    PipelineSpec spec = SpecFiles.read(folder, SpecFiles.BANK);

    assertThat(CanonicalJson.of(spec))
        .isEqualTo(
            """
            {"entity":["id"],"evaluate":{"slices":["job"]},\
            "features":{"columns":["age","job","pdays"],"expressions":{"never":"pdays = -1"}},\
            "label":{"column":"y","kind":"column","positive":"yes"},"pipeline":"bank",\
            "population":{"per":"event","source":"clients"},\
            "promote":{"gates":[{"gate":"at-least","metric":"auc","value":0.7}]},\
            "sources":{"clients":{"key":["id"],"kind":"csv","path":"data/*.csv","separator":";",\
            "time":"day"}},\
            "train":{"algorithm":{"kind":"xgboost","rounds":10},"baseline":{"kind":"logistic"}}}\
            """);
  }

  @Test
  void whatIsWrittenLikeTheDefaultIsLeftOutToo() {
    String yaml =
        SpecFiles.bank(
                "rounds: 10", "rounds: 10\n    depth: 6\n    learning-rate: 0.10\n    monotone: {}")
            .replace("time: day", "schema-change: {added: add}\n    time: day")
            .replace("evaluate:\n", "evaluate:\n  threshold: 0.5\n");

    assertThat(CanonicalJson.of(SpecFiles.read(folder, yaml)))
        .isEqualTo(CanonicalJson.of(SpecFiles.read(folder, SpecFiles.BANK)));
  }

  @Test
  void theOrderOfMapsIsNoMatterThatOfListsIs() {
    assertThat(CanonicalJson.of(Map.of("b", 1, "a", List.of(2, 1))))
        .isEqualTo("{\"a\":[2,1],\"b\":1}");
    assertThat(CanonicalJson.of(Map.of())).isEqualTo("{}");
    assertThat(CanonicalJson.of(List.of())).isEqualTo("[]");
  }

  @Test
  void writesWhatRunIdsAreMadeOf() {
    List<Object> run =
        Arrays.asList(
            Stage.INGEST, 1L, LocalDate.of(2026, 1, 31), Optional.of("v"), Optional.empty(), true);

    assertThat(CanonicalJson.of(run)).isEqualTo("[\"ingest\",1,\"2026-01-31\",\"v\",null,true]");
    assertThat(CanonicalJson.of(Map.of("a", Optional.empty()))).isEqualTo("{}");
  }

  @ParameterizedTest
  @CsvSource({
    "1.0, 1",
    "-0.0, 0",
    "0.1, 0.1",
    "0.30000000000000004, 0.30000000000000004",
    "100, 100",
    "1e20, 100000000000000000000",
    "1e21, 1e+21",
    "1.5e300, 1.5e+300",
    "0.000001, 0.000001",
    "1e-7, 1e-7",
    "-2.5e-8, -2.5e-8",
    "2e23, 2e+23",
    "4.9e-324, 5e-324",
    "1.7976931348623157e308, 1.7976931348623157e+308",
    "9007199254740993, 9007199254740992"
  })
  void aNumberHasOneForm(double x, String text) {
    assertThat(CanonicalJson.of(x)).isEqualTo(text);
    assertThat(Double.parseDouble(text)).isEqualTo(x + 0.0);
  }

  @Test
  void escapesTextsAsRfc8785() {
    assertThat(CanonicalJson.of("a\"\\\n\t\u0001é€/")).isEqualTo("\"a\\\"\\\\\\n\\t\\u0001é€/\"");
  }

  @Test
  void refusesWhatHasNoJson() {
    assertThatThrownBy(() -> CanonicalJson.of(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no JSON number: NaN");
    assertThatThrownBy(() -> CanonicalJson.of(new Object()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no JSON for class java.lang.Object");
  }

  @Test
  void hashesByTheTestVectorsOfFips180() {
    assertThat(Hashes.sha256Hex("abc"))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(Hashes.sha256Hex(new byte[0]))
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }
}
