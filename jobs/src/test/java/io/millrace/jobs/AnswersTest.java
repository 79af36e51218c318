package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.DataException;
import io.millrace.label.LabelBuilder;
import io.millrace.table.Lake;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Entities with more than one answer. */
class AnswersTest {

  private static final LocalDate DAY = Shop.FIRST;

  private static final String SOURCE =
      """
      pipeline: club
      sources:
        members: {kind: csv, path: "${data}/members-{date}.csv", key: [id], load: snapshot}
        fees: {kind: csv, path: "${data}/fees-{date}*.csv", key: [id, seen], time: seen}
      entity: [id]
      population: {source: members, per: entity}
      label: {kind: source, source: fees, column: paid, positive: "yes", negative: "no"}
      features: {columns: [age]}
      """;

  private static final String COLUMN =
      """
      pipeline: club
      sources:
        members: {kind: csv, path: "${data}/members-{date}*.csv", key: [id], time: seen}
      entity: [id]
      population: {source: members, per: entity}
      label: {kind: column, column: paid, positive: "yes", negative: "no"}
      features: {columns: [age]}
      """;

  private static Shop club(String spec) {
    Shop club = new Shop();
    Shop.write(club.spec, spec);
    Shop.write(club.data.resolve("members-2026-03-01.csv"), "id,age\n1,30\n2,40\n3,50\n");
    fees(club, "2026-03-01-a", "1,2026-02-03,no\n2,2026-02-03,yes\n3,2026-02-01,yes\n");
    fees(club, "2026-03-01-b", "1,2026-02-01,yes\n2,2026-02-07,yes\n3,2026-02-02,no\n");
    return club;
  }

  private static void fees(Shop club, String name, String rows) {
    Shop.write(club.data.resolve("fees-" + name + ".csv"), "id,seen,paid\n" + rows);
  }

  /** The answers known at a date, by id. */
  private static List<String> answers(Shop club, Map<String, String> overrides, LocalDate date) {
    try (Work work = club.open(overrides)) {
      new IngestJob(work, date).run();
      new LabelJob(work, date).run();
      Lake lake = work.lake();
      return LabelBuilder.knownAt(work.spec(), lake.latest("labels/club").orElseThrow(), date)
          .select("id", "label_text", "label")
          .orderBy("id")
          .collectAsList()
          .stream()
          .map(row -> row.mkString(" "))
          .toList();
    }
  }

  @Test
  void differentAnswersOfOneDateAreRefused() {
    Shop club = club(SOURCE);

    assertThatThrownBy(() -> answers(club, Map.of(), DAY))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "labels/club: id=1 has different answers on 2026-03-01: 'no', 'yes'; so have 1 more\n"
                + "mend the files, or say which counts by label.conflict: first, last or positive");
    assertThat(club.open().lake().latest("labels/club")).isEmpty();
  }

  @Test
  void theSpecSaysWhichOfDifferentAnswersCounts() {
    assertThat(answers(club(SOURCE), Map.of("label.conflict", "first"), DAY))
        .containsExactly("1 yes 1.0", "2 yes 1.0", "3 yes 1.0");
    assertThat(answers(club(SOURCE), Map.of("label.conflict", "last"), DAY))
        .containsExactly("1 no 0.0", "2 yes 1.0", "3 no 0.0");
    assertThat(answers(club(SOURCE), Map.of("label.conflict", "positive"), DAY))
        .containsExactly("1 yes 1.0", "2 yes 1.0", "3 yes 1.0");
  }

  @Test
  void aRestatedAnswerIsAVersionOfItsOwn() {
    Shop club = club(SOURCE);
    Map<String, String> last = Map.of("label.conflict", "last");
    answers(club, last, DAY);
    fees(club, "2026-03-02", "1,2026-01-01,yes\n");

    assertThat(answers(club, last, DAY.plusDays(1)))
        .containsExactly("1 yes 1.0", "2 yes 1.0", "3 no 0.0");
    assertThat(answers(club, last, DAY)).containsExactly("1 no 0.0", "2 yes 1.0", "3 no 0.0");
  }

  @Test
  void theLastRowOfAnEntityTellsItsLabelAndItsFeatures() {
    Shop club = new Shop();
    Shop.write(club.spec, COLUMN);
    members(club, "2026-03-01-a", "1,30,2026-02-05,no\n2,40,2026-02-01,yes\n");
    members(club, "2026-03-01-b", "1,31,2026-02-03,yes\n2,41,2026-02-02,no\n");
    assertThat(answers(club, Map.of(), DAY)).containsExactly("1 no 0.0", "2 no 0.0");

    members(club, "2026-03-02", "1,32,2026-02-04,yes\n2,42,2026-02-09,yes\n");
    assertThat(answers(club, Map.of(), DAY.plusDays(1))).containsExactly("1 no 0.0", "2 yes 1.0");
    try (Work work = club.open()) {
      new FeaturesJob(work).ofDate(DAY.plusDays(1));
      assertThat(
              work
                  .lake()
                  .latest("features/club")
                  .orElseThrow()
                  .read()
                  .orderBy("id")
                  .select("age")
                  .collectAsList()
                  .stream()
                  .map(row -> row.getDouble(0)))
          .containsExactly(30.0, 42.0);
    }
  }

  private static void members(Shop club, String name, String rows) {
    Shop.write(club.data.resolve("members-" + name + ".csv"), "id,age,seen,paid\n" + rows);
  }
}
