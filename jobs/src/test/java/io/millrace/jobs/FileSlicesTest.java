package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.TestSpark;
import io.millrace.table.FileLedger;
import io.millrace.table.Lake;
import io.millrace.table.RunIndex;
import io.millrace.table.RunRow;
import io.millrace.table.SourceFileEntry;
import io.millrace.table.TableVersion;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which run id the rows of a file bear. */
class FileSlicesTest {

  private final Lake lake = Lake.open(TestSpark.temporary("lake").toString(), TestSpark::session);

  private void tookIn(String stage, String run, long version, String day, String... own) {
    List<SourceFileEntry> files =
        Arrays.stream(own)
            .map(id -> new SourceFileEntry("members", id + ".csv", 1, 1, id, day, id))
            .toList();
    new FileLedger(lake, "members").add(version, files);
    Instant now = Instant.now();
    List<TableVersion> wrote = List.of(new TableVersion("raw/members", version));
    RunRow row =
        new RunRow(
            run,
            "club",
            stage,
            Shop.FIRST,
            "done",
            now,
            now,
            "s",
            "c",
            List.of(),
            wrote,
            0,
            0,
            0,
            "",
            files);
    new RunIndex(lake, "club", List.of()).append(List.of(row));
  }

  @Test
  void filesOfASnapshotAreOneSliceAndAMergeRenamesNone() {
    tookIn("ingest", "a", 1, "", "a");
    tookIn("ingest", "both", 2, "2026-03-01", "north", "south");
    tookIn("merge", "merged", 3, "2026-03-02", "theirs");

    FileSlices files = new FileSlices(lake, "members", RunGraph.ofAll(lake));

    assertThat(files.files())
        .extracting(file -> file.get("file") + " " + files.slice(file))
        .containsExactlyInAnyOrder(
            "a.csv a", "north.csv both", "south.csv both", "theirs.csv theirs");
  }
}
