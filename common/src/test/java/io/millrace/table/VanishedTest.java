package io.millrace.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.TestSpark;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VanishedTest {

  @TempDir Path folder;

  @Test
  void aDataFileThatIsDeletedBeforeItIsReadIsNamed() throws IOException {
    Lake lake = table();
    Dataset<Row> rows = lake.latest("raw/numbers").orElseThrow().read();
    Path file = files("raw/numbers", ".parquet");
    Files.delete(file);

    assertThat(fault(rows::collectAsList))
        .satisfies(e -> assertThat(Vanished.in(e)).get().asString().contains("FILE_NOT_EXIST"));
  }

  @Test
  void aVersionWhoseLogIsDeletedIsNamed() throws IOException {
    Lake lake = table();
    PinnedTable pinned = lake.latest("raw/numbers").orElseThrow();
    Files.delete(files("raw/numbers/_delta_log", "1.json"));

    assertThat(fault(() -> pinned.read().count()))
        .satisfies(e -> assertThat(Vanished.in(e)).isPresent());
  }

  @Test
  void faultsOfOtherKindsAreNot() {
    assertThat(Vanished.in(new FileNotFoundException("/data/sales.csv"))).isEmpty();
    assertThat(Vanished.in(new IllegalStateException("a.parquet"))).isEmpty();
    assertThat(Vanished.in(new IllegalStateException())).isEmpty();
  }

  private Lake table() {
    String path = folder.resolve("raw/numbers").toString();
    for (int i = 0; i < 2; i++) {
      TestSpark.session()
          .range(i + 1)
          .coalesce(1)
          .write()
          .format("delta")
          .mode("append")
          .save(path);
    }
    return Lake.open(folder.toString(), TestSpark::session);
  }

  private Path files(String within, String end) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(within))) {
      return files.filter(file -> file.toString().endsWith(end)).findFirst().orElseThrow();
    }
  }

  private static Throwable fault(Runnable read) {
    return org.assertj.core.api.Assertions.catchThrowable(read::run);
  }
}
