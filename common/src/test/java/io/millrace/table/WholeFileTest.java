package io.millrace.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.FillingStore;
import io.millrace.TestSpark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an object store holds after the disk was full on which its client gathers a file. */
class WholeFileTest {

  private static final int ROOM = 10;

  @TempDir java.nio.file.Path folder;
  private Configuration configuration;
  private Path path;

  @BeforeEach
  void newStore() {
    configuration = new Configuration();
    FillingStore.SETTINGS.forEach(configuration::set);
    path = new Path("s3a://bucket" + folder.resolve("t/_delta_log/00000000000000000007.json"));
  }

  private void write(boolean overwrite, String... lines) throws IOException {
    new ConditionalPutLogStore(configuration)
        .write(path, List.of(lines).iterator(), overwrite, configuration);
  }

  private String there() throws IOException {
    return Files.readString(java.nio.file.Path.of(path.toUri().getPath()));
  }

  @Test
  void ofACommitThatDidNotFitNoHalfIsPublished() throws IOException {
    FillingStore.fill(configuration, ROOM, 1);
    write(false, "first of the commit", "rest");
    assertThat(FillingStore.left(configuration)).isZero();
    assertThat(there()).isEqualTo("first of the commit\nrest\n");
  }

  @Test
  void whatIsOverwrittenStaysWhereTheNewDoesNotFit() throws IOException {
    write(true, "as it was");
    FillingStore.fill(configuration, ROOM, 1);
    assertThatThrownBy(() -> write(true, "as it would be"))
        .isInstanceOf(IOException.class)
        .hasMessage("No space left on device");
    assertThat(there()).isEqualTo("as it was\n");
    write(true, "as it would be");
    assertThat(there()).isEqualTo("as it would be\n");
  }

  @Test
  void aCopyThatDoesNotFitIsNotThere() throws IOException {
    Lake lake = Lake.open("s3a://bucket" + folder, FillingStore.SETTINGS, TestSpark::session);
    Path from = lake.path("from");
    Path to = lake.path("below/to");
    WholeFile.write(lake.files(), from, "x".repeat(100).getBytes(StandardCharsets.UTF_8));
    FillingStore.fill(lake.hadoop(), ROOM, 1);
    assertThatThrownBy(() -> TableClone.copy(lake, from, to)).hasMessage("No space left on device");
    assertThat(lake.status(to)).isEmpty();
    TableClone.copy(lake, from, to);
    assertThat(lake.status(to))
        .hasValueSatisfying(file -> assertThat(file.getLen()).isEqualTo(100));
  }

  @Test
  void aStreamThatCanNotAbortIsClosed() throws IOException {
    Path local = new Path(folder.resolve("local").toUri());
    assertThatThrownBy(
            () ->
                WholeFile.write(
                    local.getFileSystem(configuration).create(local, true),
                    out -> {
                      out.write(1);
                      throw new IOException("gone");
                    }))
        .hasMessage("gone");
    assertThat(Files.readAllBytes(folder.resolve("local"))).containsExactly(1);
  }
}
