package io.millrace.jobs.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MuchDataTest {

  @TempDir Path folder;

  @Test
  void aMarkIsThereAsLongAsThereIsMuch() throws IOException {
    Path mark = folder.resolve("much-data/12-34");
    MuchData.mark(mark, false);
    assertThat(mark).doesNotExist();
    MuchData.mark(mark, true);
    MuchData.mark(mark, true);
    assertThat(mark).exists();
    MuchData.mark(mark, false);
    assertThat(mark).doesNotExist();
    Files.createFile(mark.resolveSibling("file"));
    MuchData.mark(mark.resolveSibling("file").resolve("below"), true);
    assertThat(mark.resolveSibling("file")).isRegularFile();
  }

  @Test
  void aMinuteAndAHalfOfTheProcessorIsLong() {
    assertThat(MuchData.isLong(Duration.ofSeconds(90))).isFalse();
    assertThat(MuchData.isLong(Duration.ofSeconds(91))).isTrue();
  }
}
