package io.millrace.jobs.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which logs stay. */
class LogFileTest {

  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  @TempDir Path folder;

  /** A log of a command that began at a second of that day, and was written to last. */
  private String log(int second, Instant last) throws IOException {
    String name = "millrace-20260131-%06d-7.log".formatted(second);
    Files.createFile(folder.resolve(name));
    Files.setLastModifiedTime(folder.resolve(name), FileTime.from(last));
    return name;
  }

  private List<String> logs(int from, int to, Instant last) throws IOException {
    for (int second = from; second < to; second++) {
      log(second, last);
    }
    return IntStream.range(from, to).mapToObj("millrace-20260131-%06d-7.log"::formatted).toList();
  }

  private List<String> kept() throws IOException {
    LogFile.prune(folder, NOW);
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theNewestStayAndThoseThatAreWrittenTo() throws IOException {
    Instant longAgo = NOW.minus(Duration.ofDays(2));
    String running = log(0, NOW.minus(Duration.ofHours(23)));
    log(1, longAgo);
    log(2, longAgo);
    List<String> newest = logs(3, 23, longAgo);
    Files.createFile(folder.resolve("another.log"));

    assertThat(kept())
        .startsWith("another.log", running)
        .endsWith(newest.toArray(String[]::new))
        .hasSize(22);
  }

  @Test
  void notMoreThanFiveHundredStay() throws IOException {
    List<String> all = logs(0, 510, NOW);

    assertThat(kept()).isEqualTo(all.subList(10, 510));
  }
}
