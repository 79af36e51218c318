package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.TestSpark;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class TextSizeTest {

  private final Path folder = TestSpark.temporary("sizes");

  private long size(Path file) throws IOException {
    String name = file.getFileName().toString();
    SourceFile of =
        new SourceFile(name, file.toUri().toString(), Files.size(file), 0, Optional.empty());
    return TextSize.of(of, new Configuration());
  }

  private Path written(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  /** Half a megabyte that can't be packed, and a long stretch that packs a thousandfold. */
  private static byte[] text() {
    byte[] noise = new byte[500_000];
    new Random(1).nextBytes(noise);
    byte[] zeros = "0,".repeat(10_000_000).getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[noise.length + zeros.length];
    System.arraycopy(noise, 0, all, 0, noise.length);
    System.arraycopy(zeros, 0, all, noise.length, zeros.length);
    return all;
  }

  @Test
  void textIsItsBytesAndGzipWhatItHolds() throws IOException {
    byte[] text = text();
    Path packed = folder.resolve("a.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(text);
    }
    assertThat(size(written("a.csv", text))).isEqualTo(text.length);
    assertThat(Files.size(packed)).isLessThan(text.length / 30);
    assertThat(size(packed)).isEqualTo(text.length);
  }

  @Test
  void parquetIsItsValues() throws IOException {
    int rows = 300_000;
    List<String> columns = new ArrayList<>(List.of("id"));
    for (int i = 0; i < 20; i++) {
      columns.add("'same' c" + i);
    }
    TestSpark.session()
        .range(0, rows, 1, 1)
        .selectExpr(columns.toArray(String[]::new))
        .write()
        .parquet(folder.resolve("parquet").toString());
    try (Stream<Path> files = Files.list(folder.resolve("parquet"))) {
      Path file = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
      assertThat(Files.size(file)).isLessThan(3_000_000);
      assertThat(size(file)).isEqualTo(6L * rows * columns.size());
    }
  }

  @Test
  void whatIsTinyOrBrokenIsTakenByItsSize() throws IOException {
    assertThat(size(written("tiny.csv.gz", new byte[100]))).isEqualTo(800);
    assertThat(size(written("broken.parquet", new byte[200_000]))).isEqualTo(1_600_000);
    assertThat(size(written("some.orc", new byte[200_000]))).isEqualTo(1_600_000);
  }
}
