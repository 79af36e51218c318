package io.millrace.erase;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.TestSpark;
import io.millrace.table.Lake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a search of files finds of a person, whom no text names. */
class LakeSearchTest {

  @TempDir private Path folder;

  private List<LakeSearch.Hit> hits(String... subject) {
    Lake lake = Lake.open(folder.toString(), TestSpark::session);
    return LakeSearch.of(lake, Subject.parse(List.of(subject))).hits();
  }

  private void write(String name, String query) {
    TestSpark.session().sql(query).coalesce(1).write().parquet(folder.resolve(name).toString());
  }

  /** The same as {@link Subject#rows} finds, since the proof must not know less than the plan. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "7|array(7L, 8L)",
        "7|array(7, 77)",
        "7|array(7S, 8S)",
        "7|array(7D, 7.5D, double('NaN'))",
        "7.5|array(7D, 7.5D)",
        "1.0E20|array(1e20D, 1D)",
        "7|array('7', '07', '7.0')",
        "2026-03-01|array(date'2026-03-01', date'2026-03-02')",
        "1969-12-31|array(timestamp'1969-12-31 00:00:00', timestamp'1969-12-31 00:00:01')",
        "2026-03-01 06:30:00|array(timestamp'2026-03-01 06:30:00', timestamp'2026-03-01 00:00:00')",
        "2026-03-01 06:30:00.25|array(timestamp'2026-03-01 06:30:00.25', null)"
      })
  void aKeyIsFoundOfWhateverType(String told, String values) {
    write("raw", "select explode(%s) id".formatted(values));
    for (String type : List.of("INT96", "TIMESTAMP_MICROS")) {
      TestSpark.session().conf().set("spark.sql.parquet.outputTimestampType", type);
      write(type, "select explode(%s) id".formatted(values));
    }
    TestSpark.session().conf().unset("spark.sql.parquet.outputTimestampType");
    assertThat(hits("id=" + told)).hasSize(3).allMatch(hit -> hit.rows() == 1);
    var rows = TestSpark.session().read().parquet(folder.resolve("raw").toString());
    Subject subject = Subject.parse(List.of("id=" + told));
    assertThat(rows.where(subject.rows("raw/x", rows.schema()).orElseThrow()).count()).isOne();
  }

  @Test
  void whatOnlyLooksCompressedIsAFileThatCantBeRead() throws IOException {
    Files.writeString(folder.resolve("notes.gz"), "C1007X");
    assertThat(hits("id=C1007X"))
        .singleElement()
        .satisfies(hit -> assertThat(hit.isTorn()).isTrue());
  }
}
