package io.millrace.jobs.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

class PlainLoggingTest {

  @TempDir private Path folder;

  @Test
  void writesWarningsAsTheOtherLogDoes() throws IOException {
    Path file = folder.resolve("logs/a.log");
    Logger logger = logging(file).getLoggerFactory().getLogger("org.apache.hadoop.fs.FileSystem");

    logger.debug("nothing of this");
    logger.info("nor of {}", "this");
    assertThat(file).doesNotExist();

    logger.warn("{} of {} are gone", 2, 3);
    logger.error("can't", new IllegalStateException("no lake"));
    assertThat(Files.readString(file))
        .startsWith(
            "2026-01-02T03:04:05.678 WARN "
                + Thread.currentThread().getName()
                + " FileSystem: 2 of 3 are gone\n")
        .contains("FileSystem: can't\njava.lang.IllegalStateException: no lake\n\tat ");
  }

  @Test
  void leavesOutWhatIsMeant() throws IOException {
    Path file = folder.resolve("a.log");
    Logger logger =
        logging(file).getLoggerFactory().getLogger("org.apache.hadoop.util.NativeCodeLoader");

    logger.warn("Unable to load native-hadoop library for your platform");
    assertThat(file).doesNotExist();

    logger.error("worse");
    assertThat(Files.readString(file)).endsWith(" NativeCodeLoader: worse\n");
  }

  private static PlainLogging logging(Path file) {
    return new PlainLogging(
        file, Clock.fixed(Instant.parse("2026-01-02T03:04:05.678Z"), ZoneOffset.UTC));
  }
}
