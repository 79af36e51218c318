package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.DataException;
import io.millrace.SpecException;
import io.millrace.TestSpark;
import io.millrace.config.SourceSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SaveMode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SourceFilesTest {

  private final Configuration hadoop = new Configuration();
  private Path folder;

  @BeforeEach
  void files() {
    folder = TestSpark.temporary("files");
    for (String name :
        List.of("b/2026-01-02.csv", "a/2026-01-01.csv", "a/2026-02-01.csv", "_x.csv", "a/.h.csv")) {
      Sources.file(folder, name, "v\n1\n", StandardCharsets.UTF_8);
    }
  }

  private List<String> names(String path, LocalDate end) {
    SourceSpec spec = Sources.csv(folder + "/" + path).spec();
    return SourceFiles.list(spec, end, hadoop).stream().map(SourceFile::name).toList();
  }

  @Test
  void namesStandBelowTheFixedPartInOrder() {
    assertThat(names("*/*.csv", Sources.FAR))
        .containsExactly("a/2026-01-01.csv", "a/2026-02-01.csv", "b/2026-01-02.csv");
    assertThat(names("a/2026-01-01.csv", Sources.FAR)).containsExactly("2026-01-01.csv");
    assertThat(names("a", Sources.FAR)).containsExactly("2026-01-01.csv", "2026-02-01.csv");
    assertThat(names("{a,b}/*-01*.csv", Sources.FAR)).hasSize(3);
  }

  @Test
  void laterDaysAreNotThereYet() {
    assertThat(names("*/{date}.csv", LocalDate.of(2026, 1, 2))).containsExactly("a/2026-01-01.csv");
    assertThat(names("*/{month}-*.csv", LocalDate.of(2026, 2, 1))).hasSize(2);
    assertThat(names("*/{date}.csv", LocalDate.of(2026, 1, 1))).isEmpty();
  }

  @Test
  void aDayComesFromTheFinestToken() {
    PathPattern pattern = PathPattern.of("x/{month}/f-{date}*.csv");
    assertThat(pattern.day("2026-03/f-2026-02-28.csv")).contains(LocalDate.of(2026, 2, 28));
    assertThat(PathPattern.of("x/{month}.csv").day("2026-03.csv"))
        .contains(LocalDate.of(2026, 3, 1));
    assertThatThrownBy(() -> pattern.day("2026-03/f-2026-02-30.csv"))
        .hasMessageContaining("2026-02-30 is no day");
  }

  @Test
  void nothingThereNamesWhatIs() {
    assertThatThrownBy(() -> names("c/d/*.csv", Sources.FAR))
        .isInstanceOf(DataException.class)
        .hasMessageEndingWith("holds _x.csv, a/, b/")
        .hasMessageContaining("/c/d/*.csv: no file matches; file:" + folder);
    assertThatThrownBy(() -> names("a/*.tsv", Sources.FAR))
        .hasMessageEndingWith("/a holds .h.csv, 2026-01-01.csv, 2026-02-01.csv");
  }

  @Test
  void emptyFilesAndUnknownSchemesAreErrors() {
    Sources.file(folder, "a/z.csv", "", StandardCharsets.UTF_8);
    assertThatThrownBy(() -> names("a/*.csv", Sources.FAR))
        .hasMessageEndingWith(
            "z.csv: the file is empty (0 bytes); bring it again, or take it away");
    SourceSpec nowhere = Sources.csv("nofs://x/*.csv").spec();
    assertThatThrownBy(() -> Sources.list(nowhere))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("No FileSystem for scheme");
  }

  @Test
  void hashIsThatOfTheBytes() {
    SourceFile file = Sources.list(Sources.csv(folder + "/b/*.csv").spec()).get(0);
    assertThat(SourceFiles.sha256(file, hadoop))
        .isEqualTo("1f748b287a4b11827c825a421658b88162a23af1dac93b2fe1d66f6428578676");
  }

  @Test
  void deltaTablesAreTheirDataFiles() {
    Path table = folder.resolve("delta table");
    TestSpark.session()
        .range(6)
        .selectExpr("id", "cast(id % 2 as int) p", "date'2026-01-01' d")
        .repartition(1)
        .write()
        .format("delta")
        .partitionBy("p", "d")
        .save(table.toString());
    SourceSpec spec = Sources.delta(table);
    List<SourceFile> files = Sources.list(spec);
    assertThat(files).hasSize(2);
    assertThat(files.get(0).name()).startsWith("p=0/d=2026-01-01/part-");
    Footers.check(spec, files, hadoop);
    assertThat(Sources.first(spec).table().toString())
        .contains("id, type=LONG", "p, type=LONG", "d, type=DATE");
    assertThat(Sources.rows(Sources.read(spec).good(), "id", "p", "d"))
        .hasSize(6)
        .contains("[5,1,2026-01-01]", "[4,0,2026-01-01]");
  }

  @Test
  void deltaTablesWithDeletionVectorsAreRefused() {
    Path table = folder.resolve("vectors");
    TestSpark.session()
        .range(0, 100, 1, 1)
        .write()
        .format("delta")
        .option("delta.enableDeletionVectors", "true")
        .save(table.toString());
    TestSpark.session().sql("delete from delta.`" + table + "` where id = 3");
    assertThatThrownBy(() -> Sources.list(Sources.delta(table)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("REORG TABLE … APPLY (PURGE)");
    assertThatThrownBy(() -> Sources.list(Sources.delta(folder.resolve("a"))))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no Delta table that can be read");
  }

  @Test
  void footersTellBrokenFiles() throws IOException {
    Path out = folder.resolve("parquet");
    TestSpark.session().range(10).write().mode(SaveMode.Overwrite).parquet(out.toString());
    Path whole;
    try (var list = Files.list(out)) {
      whole = list.filter(p -> p.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> check(Sources.parquet(cut), cut))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("cut.parquet: no whole Parquet file")
        .hasMessageContaining("not a Parquet file")
        .hasMessageEndingWith("bring the file again");
    assertThatThrownBy(() -> check(Sources.orc(cut), cut))
        .hasMessageContaining("no whole ORC file");
    Path zip = Files.write(folder.resolve("x.csv.gz"), new byte[] {31, -117, 8, 0, 0});
    assertThatThrownBy(() -> check(Sources.csv(zip).spec(), zip))
        .hasMessageContaining("no whole gzip file, 5 bytes");
  }

  private void check(SourceSpec spec, Path path) throws IOException {
    Footers.check(
        spec,
        List.of(
            new SourceFile(
                path.getFileName().toString(),
                path.toString(),
                Files.size(path),
                0,
                Optional.empty())),
        hadoop);
  }
}
