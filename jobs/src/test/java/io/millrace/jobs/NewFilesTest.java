package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.PipelineSpec;
import io.millrace.ingest.SourceFile;
import io.millrace.table.SourceFileEntry;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which files are new; a file's content stands for its hash. */
class NewFilesTest {

  private static final LocalDate DAY = LocalDate.parse("2026-03-01");

  private static final String CLUB =
      """
      pipeline: club
      sources:
        members: {kind: csv, path: "${data}/*.csv", key: [id], load: %s}
      entity: [id]
      population: {source: members, per: entity}
      features: {columns: [age, town]}
      """;

  private static List<String> found(
      String load, Map<String, String> there, List<SourceFileEntry> in) {
    Shop club = new Shop();
    Shop.write(club.spec, CLUB.formatted(load));
    PipelineSpec spec;
    try (Work work = club.open()) {
      spec = work.spec();
    }
    Map<String, SourceFileEntry> known = new LinkedHashMap<>();
    in.forEach(entry -> known.put(entry.day() + "/" + entry.name() + known.size(), entry));
    List<SourceFile> files =
        there.keySet().stream()
            .map(name -> new SourceFile(name, name, 9, 9, Optional.empty(), List.of()))
            .toList();
    return NewFiles.find(
            spec, "members", DAY.plusDays(1), files, known, file -> there.get(file.name()))
        .files()
        .stream()
        .map(file -> file.file().name())
        .sorted()
        .toList();
  }

  private static List<SourceFileEntry> in(LocalDate day, String... namesAndHashes) {
    return Stream.of(namesAndHashes)
        .map(one -> one.split("="))
        .map(
            one ->
                new SourceFileEntry(
                    "members", one[0], 1, 1, one[1], day == null ? "" : day.toString(), "run"))
        .toList();
  }

  @Test
  void ofASnapshotAnyChangeMakesAllFilesNew() {
    List<SourceFileEntry> in = in(DAY, "a.csv=A", "b.csv=B");
    assertThat(found("snapshot", Map.of("a.csv", "A", "b.csv", "B"), in)).isEmpty();
    assertThat(found("snapshot", Map.of("a.csv", "A", "b.csv", "b"), in))
        .containsExactly("a.csv", "b.csv");
    assertThat(found("snapshot", Map.of("a.csv", "A"), in)).containsExactly("a.csv");
    assertThat(found("snapshot", Map.of("a.csv", "A", "c.csv", "B"), in))
        .containsExactly("a.csv", "c.csv");
  }

  /** Its name, which told an erased person, would else come in again. */
  @Test
  void aFileWhoseNameWasErasedIsKnownByItsBytes() {
    List<SourceFileEntry> in = in(DAY, "a.csv=A", "of-(erased).csv=B", "of-(erased).csv=C");
    Map<String, String> same = Map.of("a.csv", "A", "of-C1.csv", "B", "of-C2.csv", "C");
    assertThat(found("snapshot", same, in)).isEmpty();
    assertThat(found("snapshot", Map.of("a.csv", "A", "of-C1.csv", "B"), in)).hasSize(2);
    assertThat(found("snapshot", Map.of("a.csv", "a", "of-C1.csv", "B", "of-C2.csv", "C"), in))
        .hasSize(3);

    List<SourceFileEntry> appended = in(null, "a.csv=A", "of-(erased).csv=B");
    assertThat(found("append", Map.of("of-C1.csv", "B", "d.csv", "D"), appended))
        .containsExactly("d.csv");
  }
}
