package io.millrace.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.engine.ParquetHandler;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.millrace.FillingStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is there of a checkpoint whose writing fails. */
class WholeCheckpointsTest {

  private static final StructType SCHEMA = new StructType().add("x", StringType.STRING);
  private static final String NAME = "00000000000000000010.checkpoint.parquet";

  @TempDir java.nio.file.Path folder;

  private final Configuration configuration = HadoopSettings.ours();

  /** Batches as they are read from a log, which can't be read to the end. */
  private static final class Batches implements CloseableIterator<FilteredColumnarBatch> {
    private final int readable;
    private final int all;
    private int given;

    Batches(int readable, int all) {
      this.readable = readable;
      this.all = all;
    }

    @Override
    public boolean hasNext() {
      if (given == readable && readable < all) {
        throw new UncheckedIOException(new IOException("the log can't be read"));
      }
      return given < all;
    }

    @Override
    public FilteredColumnarBatch next() {
      given++;
      return RowVectors.batch(SCHEMA, List.of(Map.of("x", "row " + given)));
    }

    @Override
    public void close() {}
  }

  private void write(String scheme, int readable, int all) throws IOException {
    ParquetHandler parquet = KernelEngine.of(configuration).getParquetHandler();
    parquet.writeParquetFileAtomically(scheme + folder.resolve(NAME), new Batches(readable, all));
  }

  private List<String> files() throws IOException {
    try (Stream<java.nio.file.Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:", "s3a://bucket"})
  void ofALogThatIsReadInPartThereIsNone(String scheme) throws IOException {
    FillingStore.SETTINGS.forEach(configuration::set);
    assertThatThrownBy(() -> write(scheme, 2, 3)).hasStackTraceContaining("the log can't be read");
    assertThat(files()).isEmpty();
    write(scheme, 3, 3);
    assertThat(files()).contains(NAME).allMatch(file -> file.contains(NAME)).hasSizeLessThan(3);
  }

  @Test
  void ofOneThatDoesNotFitThereIsNone() throws IOException {
    FillingStore.SETTINGS.forEach(configuration::set);
    FillingStore.fill(configuration, 10, 1);
    assertThatThrownBy(() -> write("s3a://bucket", 3, 3)).hasMessage("No space left on device");
    assertThat(FillingStore.left(configuration)).isZero();
    assertThat(files()).isEmpty();
  }
}
