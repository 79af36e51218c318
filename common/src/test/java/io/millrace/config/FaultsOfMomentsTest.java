package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults of windows and joins. */
class FaultsOfMomentsTest {

  private static final String WINDOW =
      "{source: clients, by: job, over: [7d], aggregate: {age: [avg]}}";
  private static final String JOIN =
      "{source: rates, on: {place: job}, as-of: at, columns: [rate]}";

  private static final String SPEC =
      """
      pipeline: bank
      sources:
        clients: {kind: csv, path: data/*.csv, time: day, key: [id]}
        rates: {kind: csv, path: rates/*.csv, time: at, key: [place]}
        states: {kind: csv, path: states/*.csv, key: [id], load: snapshot}
        dumps: {kind: csv, path: dumps/*.csv, time: at, key: [id], load: snapshot}
        codes:
          kind: csv
          path: codes/*.csv
          key: [id]
          time: at
          header: false
          columns: [id, at, code]
      entity: [id]
      population: {source: clients, per: event}
      label: {kind: column, column: y, positive: yes}
      features:
        columns: [age]
        windows:
          - %s
        joins:
          - %s
      split: {kind: by-hash, train: 0.7, tune: 0.15, test: 0.15}
      """
          .formatted(WINDOW, JOIN);

  @TempDir Path folder;

  private String faults(String right, String wrong) {
    assertThat(SPEC).contains(right);
    return SpecFiles.faults(folder, SPEC.replace(right, wrong), Map.of());
  }

  @Test
  void theSpecIsRight() {
    PipelineSpec spec = SpecFiles.read(folder, SPEC);
    assertThat(spec.features().made()).containsExactly("avg_age_by_job_7d", "rates_rate");
  }

  static Stream<Arguments> windows() {
    return Stream.of(
        arguments("over: [7d]", "over: []", "over: empty; write at least one span: [7d]"),
        arguments("over: [7d]", "over: [0d]", "over[0]: a span of nothing; make it longer: 1d"),
        arguments(
            "over: [7d]", "over: [1d, 24h]", "over[1]: 1d stands in the list twice; keep one"),
        arguments("by: job", "by: ''", "by: an empty name; name a column"),
        arguments(
            "aggregate: {age: [avg]}",
            "aggregate: {}",
            "aggregate: empty; say what to compute of a column: {\"*\": [count]}"),
        arguments(
            "age: [avg]",
            "age: []",
            "aggregate.age: no aggregate; name some of count, sum, avg, min, max, stddev, distinct,"
                + " last, rate, time-since"),
        arguments(
            "age: [avg]",
            "age: [avg, avg]",
            "aggregate.age[1]: avg stands in the list twice; keep one"),
        arguments(
            "age: [avg]",
            "\"*\": [count, sum]",
            "aggregate.*[1]: sum needs a column; of rows there are count and time-since"),
        arguments(
            "by: job",
            "by: job, where: (age > 1",
            "where: a ( that isn't closed; close it".replace("; close it", "; mend it")),
        arguments(
            "by: job",
            "by: job, with-present: true, delay: 7d",
            "with-present: a delayed window ends before the present; keep one of them"),
        arguments(
            "source: clients, by",
            "source: client, by",
            "source: no source client; did you mean clients?"),
        arguments(
            "source: clients, by",
            "source: states, by",
            "source: a window needs a time, and states has none; add sources.states.time, the"
                + " column that says when a row happened"),
        arguments(
            "source: clients, by",
            "source: dumps, by",
            "source: a window reads rows by their day, and dumps is a snapshot; set"
                + " sources.dumps.load: append"),
        arguments(
            "clients, by: job, over: [7d], aggregate: {age",
            "codes, by: idd, matches: id, over: [7d], aggregate: {code",
            "by: codes has no column idd; did you mean id?"),
        arguments(
            "clients, by: job, over: [7d], aggregate: {age",
            "codes, by: id, over: [7d], aggregate: {coda",
            "aggregate.coda: codes has no column coda; did you mean code?"),
        arguments(
            "clients, by: job, over: [7d], aggregate: {age",
            "codes, by: id, known-at: att, over: [7d], aggregate: {code",
            "known-at: codes has no column att; did you mean at?"),
        arguments(
            "age: [avg]",
            "y: [rate]",
            "aggregate.y: y is the label, which isn't known at once; say by delay (7d) or known-at"
                + " when this window may know it"),
        arguments(
            "by: job",
            "by: job, where: y = 'yes'",
            "where: y is the label, which isn't known at once; say by delay (7d) or known-at when"
                + " this window may know it"));
  }

  @ParameterizedTest
  @MethodSource("windows")
  void namesFaultsOfAWindow(String right, String wrong, String message) {
    assertThat(faults(WINDOW, WINDOW.replace(right, wrong)))
        .isEqualTo("bank.yaml: features.windows[0]." + message);
  }

  static Stream<Arguments> joins() {
    return Stream.of(
        arguments(
            "on: {place: job}",
            "on: {}",
            "on: empty; say which columns are equal: {<its key>: <the population's>}"),
        arguments("[rate]", "[]", "columns: empty; name the columns to be joined"),
        arguments("[rate]", "[rate, rate]", "columns[1]: rate stands in the list twice; keep one"),
        arguments(
            "as-of: at",
            "within: 7d",
            "within: only with as-of; name the time column there, or take it away"),
        arguments(
            "as-of: at",
            "delay: 7d",
            "delay: only with as-of; name the time column there, or take it away"),
        arguments(
            "as-of: at",
            "as-of: at, delay: 2d, within: 1d",
            "within: no row is known before it is 2d old (delay); make it longer"),
        arguments("source: rates", "source: rate", "source: no source rate; did you mean rates?"),
        arguments(
            "as-of: at", "as-of: then", "as-of: then is not the time of rates; did you mean at?"),
        arguments(
            "source: rates",
            "source: states",
            "as-of: as-of needs a time, and states has none; add sources.states.time, the column"
                + " that says when a row happened"),
        arguments(
            "source: rates",
            "source: dumps",
            "as-of: as-of reads rows by their day, and dumps is a snapshot; set"
                + " sources.dumps.load: append"),
        arguments(
            "rates, on: {place: job}, as-of: at, columns: [rate]",
            "codes, on: {idd: job}, as-of: at, columns: [code]",
            "on.idd: codes has no column idd; did you mean id?"),
        arguments(
            "rates, on: {place: job}, as-of: at, columns: [rate]",
            "codes, on: {id: job}, as-of: at, columns: [coda]",
            "columns[0]: codes has no column coda; did you mean code?"),
        arguments(
            "rates, on: {place: job}, as-of: at, columns: [rate]",
            "clients, on: {id: id}, as-of: day, columns: [y]",
            "columns[0]: y is the label, which isn't known at once; say by as-of and delay (7d)"
                + " when this join may know it"));
  }

  @ParameterizedTest
  @MethodSource("joins")
  void namesFaultsOfAJoin(String right, String wrong, String message) {
    assertThat(faults(JOIN, JOIN.replace(right, wrong)))
        .isEqualTo("bank.yaml: features.joins[0]." + message);
  }

  @Test
  void aLabelOfAnotherSourceIsOneToo() {
    String late =
        SPEC.replace("kind: column, column: y", "kind: source, source: rates, column: rate");
    assertThat(SpecFiles.faults(folder, late, Map.of()))
        .isEqualTo(
            "bank.yaml: features.joins[0].columns[0]: rate is the label, which isn't known at once;"
                + " say by as-of and delay (7d) when this join may know it");
  }

  @Test
  void aDelayedLabelIsNoLeak() {
    String delayed = WINDOW.replace("age: [avg]", "y: [rate]").replace("over", "delay: 7d, over");
    PipelineSpec spec = SpecFiles.read(folder, SPEC.replace(WINDOW, delayed));
    assertThat(spec.features().made()).contains("rate_y_by_job_7d_delay_7d");
  }

  @Test
  void twoWindowsMakeOneNameOnce() {
    assertThat(faults("  joins:\n", "    - " + WINDOW + "\n  joins:\n"))
        .isEqualTo(
            "bank.yaml: features.windows[1]: the feature avg_age_by_job_7d is also made at"
                + " features.windows[0]; rename one");
  }

  @Test
  void ofEntitiesAllRowsOfTheDateCount() {
    String present = SPEC.replace("by: job", "by: job, with-present: true");
    assertThat(SpecFiles.faults(folder, present.replace("per: event", "per: entity"), Map.of()))
        .isEqualTo(
            "bank.yaml: features.windows[0].with-present: only for population.per event; of an"
                + " entity all rows of the date count; take it away");
  }

  @Test
  void eventsOfASnapshotHaveNoWindows() {
    String right = "clients: {kind: csv, path: data/*.csv, time: day, key: [id]";
    assertThat(faults(right, right + ", load: snapshot"))
        .isEqualTo(
            "bank.yaml: features.windows[0].source: a window reads rows by their day, and clients"
                + " is a snapshot; set sources.clients.load: append\n"
                + "bank.yaml: population.source: events of a snapshot have neither windows nor"
                + " as-of joins; load clients by append");
  }
}
