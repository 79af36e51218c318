package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.kernel.exceptions.KernelException;
import io.millrace.branch.RawLake;
import io.millrace.jobs.cli.Cleaning;
import io.millrace.jobs.cli.Place;
import io.millrace.jobs.console.Console;
import io.millrace.jobs.console.Terminal;
import io.millrace.table.Lake;
import io.millrace.table.Landing;
import io.millrace.table.MergeLog.Intent;
import io.millrace.table.PinnedTable;
import io.millrace.table.PreparedMerge;
import io.millrace.table.PreparedMerge.Killed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command, in lakes that others have left in disorder. */
class VacuumedLakeTest {

  private static final Place HERE = new Place(Path.of("conf"), "local", Optional.empty(), Map.of());

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  private void vacuum(Lake lake, boolean dryRun) {
    Optional<Duration> none = Optional.of(Duration.ZERO);
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    Console console = new Console(Terminal.NONE, Console.Format.TEXT, out, out);
    Cleaning asked = new Cleaning(none, none, dryRun, !dryRun, HERE);
    assertThat(VacuumVerb.run(asked, lake, console, () -> false)).isZero();
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aMergeThatWasKilledIsSettledFirst(boolean hasMoved) {
    RawLake raw = new RawLake();
    Intent intent = PreparedMerge.rawFirst(PreparedMerge.of(raw));
    List<String> before = rows(raw);
    assertThatThrownBy(() -> PreparedMerge.dying(raw.open(), RawLake.TABLE).land(intent))
        .isInstanceOf(Killed.class);
    if (hasMoved) {
      PreparedMerge.appendNothing(raw.open(), PreparedMerge.OTHER);
    }

    vacuum(raw.open(), true);
    assertThat(new Landing(raw.open()).isOpen()).as("a dry run settles nothing").isTrue();
    vacuum(raw.open(), false);

    assertThat(said())
        .contains(hasMoved ? "it is undone now" : "it is finished now")
        // What the branch holds stays, so that it can be merged again.
        .contains(hasMoved ? "nothing to delete" : "deleted 2 files");
    assertThat(rows(raw).equals(before)).isEqualTo(hasMoved);
    for (String table : raw.open().tables()) {
      assertThat(raw.open().latest(table).map(PinnedTable::missingFiles).orElseThrow()).isEmpty();
    }
  }

  @Test
  void aTableThatNobodyCanOpenIsLeftAlone() throws IOException {
    RawLake raw = new RawLake();
    RawLake.publish(raw.main, "a", RawLake.DAY, "Ulm");
    RawLake.publish(raw.main, "b", RawLake.DAY, "Bonn");
    // Of a reader that is to come.
    Path log = Files.createDirectories(raw.folder().resolve("strange/_delta_log"));
    Files.writeString(
        log.resolve("%020d.json".formatted(0)),
        "{\"protocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,"
            + "\"readerFeatures\":[\"unheardOf\"],\"writerFeatures\":[\"unheardOf\"]}}\n"
            + "{\"metaData\":{\"id\":\"0\",\"format\":{\"provider\":\"parquet\",\"options\":{}},"
            + "\"schemaString\":\"{\\\"type\\\":\\\"struct\\\",\\\"fields\\\":[]}\","
            + "\"partitionColumns\":[],\"configuration\":{}}}\n");
    Path data = log.resolveSibling("part-00000-06ccc5c6-e49c-4cde-96ae-5fcac08abea6.c000.parquet");
    Files.writeString(data, "?");
    assertThatThrownBy(() -> raw.open().latest("strange")).isInstanceOf(KernelException.class);

    vacuum(raw.open(), true);
    vacuum(raw.open(), false);

    assertThat(said())
        .containsPattern("strange +0 of 0 +left alone: its log doesn't tell all")
        .contains("would delete 1 file (", "deleted 1 file (");
    assertThat(data).exists();
  }

  private static List<String> rows(RawLake lake) {
    return lake.open().latest(RawLake.TABLE).orElseThrow().read().collectAsList().stream()
        .map(Object::toString)
        .sorted()
        .toList();
  }
}
