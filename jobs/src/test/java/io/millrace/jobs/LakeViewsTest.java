package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.TestSpark;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** Of what was done again, a plain select tells what holds. */
class LakeViewsTest {

  private static final String RUNS =
      """
      values ('a', 'bank', '%1$s', date'2026-01-01', timestamp'2026-02-01 01:00:00'),
             ('b', 'bank', '%1$s', date'2026-01-01', timestamp'2026-02-01 02:00:00')
             as t(run_id, pipeline, stage, date, ended_at)
      """;

  private final SparkSession session = TestSpark.session().newSession();
  private final Map<String, String> tables = new LinkedHashMap<>();

  @Test
  void ofTwoReleasesOfADateTheLastHolds() {
    tables.put("runs", RUNS.formatted("release"));
    tables.put("releases", releases());

    assertThat(query("select run_id from releases")).containsExactly("[b]");
    assertThat(query("select run_id from releases_log order by 1")).containsExactly("[a]", "[b]");
  }

  @Test
  void aDateThatGotItsOldContentBackHasItsOldRelease() {
    String again =
        ", ('a', 'bank', 'release', date'2026-01-01', timestamp'2026-02-01 03:00:00') as";
    tables.put("runs", RUNS.formatted("release").replace(" as", again));
    tables.put("releases", releases());

    assertThat(query("select run_id from releases")).containsExactly("[a]");
  }

  @Test
  void aReleaseThatTheIndexDoesNotKnowYetGoesByItsOwnTime() {
    tables.put("runs", RUNS.formatted("score"));
    tables.put("releases", releases().replace("('b'", "('c'").replace("02:00:00", "05:00:00"));

    assertThat(query("select run_id from releases")).containsExactly("[c]");
  }

  private static String releases() {
    return """
        values ('a', 'bank', date'2026-01-01', timestamp'2026-02-01 01:00:00'),
               ('b', 'bank', date'2026-01-01', timestamp'2026-02-01 02:00:00')
               as t(run_id, pipeline, date, released_at)
        """;
  }

  @Test
  void verdictsAndDriftAreOfWhatIsScoredNow() {
    tables.put("runs", RUNS.formatted("score"));
    tables.put(
        "verdicts",
        """
        values ('m1', 'bank', date'2026-01-01', 'a', timestamp'2026-02-01 09:00:00'),
               ('m2', 'bank', date'2026-01-01', 'b', timestamp'2026-02-01 07:00:00'),
               ('m3', 'bank', date'2026-01-01', 'b', timestamp'2026-02-01 08:00:00')
               as t(run_id, pipeline, date, score_run_id, judged_at)
        """);
    tables.put("drift", "values ('m1', 1), ('m2', 2), ('m3', 3), ('m3', 4) as t(run_id, value)");

    assertThat(query("select run_id from verdicts")).containsExactly("[m3]");
    assertThat(query("select value from drift order by 1")).containsExactly("[3]", "[4]");
  }

  @Test
  void releasedDatesHaveTheirLastMeasurementAndChallengersTheirLastEvaluation() {
    tables.put("runs", RUNS.formatted("evaluate"));
    tables.put(
        "metrics",
        """
        values ('a', 'bank', date'2026-02-01', '', 'released', '2026-01-01', 1),
               ('b', 'bank', date'2026-02-01', '', 'released', '2026-01-01', 2),
               ('c', 'bank', date'2026-01-15', '', 'released', '2026-01-01', 3),
               ('c', 'bank', date'2026-01-15', '', 'released', '2025-12-01', 4),
               ('a', 'bank', date'2026-01-01', 'm', 'challenger', '', 5),
               ('b', 'bank', date'2026-01-01', 'm', 'challenger', '', 6),
               ('b', 'bank', date'2026-01-01', 'm', 'baseline', '', 7),
               ('d', 'bank', date'2026-01-01', 'n', 'challenger', '', 8)
               as t(run_id, pipeline, date, model_version, role, slice_value, value)
        """);
    tables.put("curves", "values ('a', 1), ('b', 2) as t(run_id, x)");
    tables.put(
        "gates",
        """
        values ('a', 'bank', date'2026-01-01', 'm', 1), ('b', 'bank', date'2026-01-01', 'm', 2),
               ('b', 'bank', date'2026-01-01', 'm', 3) as t(run_id, pipeline, date, model_version, value)
        """);

    assertThat(query("select value from metrics order by 1"))
        .containsExactly("[2]", "[4]", "[6]", "[7]", "[8]");
    assertThat(query("select x from curves")).containsExactly("[2]");
    assertThat(query("select value from gates order by 1")).containsExactly("[2]", "[3]");
  }

  @Test
  void profilesAndChecksAreOfSlicesThatTheTablesHold() {
    validated();

    assertThat(query("select run_id, slice_run_id from profiles order by 1, 2"))
        .containsExactly("[b,raw2]", "[profile/f/b,b]", "[reference/m,m]", "[v,new]");
    assertThat(query("select run_id from checks")).containsExactly("[b]");
  }

  /** Of several files, with the content of before again, with a file of before among others. */
  @Test
  void aSnapshotsDayHasTheSliceThatCameLast() {
    validated();

    assertThat(query("select run_id from replaced_slices order by 1"))
        .containsExactly("[old]", "[one]", "[other]", "[several]");
    tables.put(
        "quarantine/w",
        """
        values ('several', null, 'a', 'parse'), ('both', null, 'b', 'parse'), ('other', null, 'c', 'cast')
          as t(run_id, slice_run_id, _row_id, rule)
        """);
    assertThat(query("select _row_id from quarantine_w")).containsExactly("[b]");
  }

  private static String ingest(String run, String table, int version) {
    return """
        union all select '%s', 'bank', 'ingest', date'2026-01-01', timestamp'2026-02-01 00:00:00',
          array(named_struct('table', '%s', 'version', %d))
        """
        .formatted(run, table, version);
  }

  /** A slice that was judged twice, a day of a snapshot that came twice, a date made twice. */
  private void validated() {
    tables.put(
        "runs",
        "select t.*, array(named_struct('table', 'features/bank', 'version', 7)) outputs from (select * from "
            + RUNS.formatted("features")
            + ") t "
            + ingest("several", "raw/z", 1)
            + ingest("several", "quarantine/z", 1)
            + ingest("both", "raw/z", 2)
            + ingest("again", "raw/w", 1)
            + ingest("other", "raw/w", 2)
            + ingest("again", "raw/w", 3)
            + ingest("one", "raw/u", 1)
            + ingest("three", "raw/u", 2));
    tables.put(
        "profiles",
        """
        values ('a', 'bank', 'raw/x', 'raw2', date'2026-01-01'),
               ('b', 'bank', 'raw/x', 'raw2', date'2026-01-01'),
               ('u', 'bank', 'raw/y', 'old', date'2026-01-01'),
               ('v', 'bank', 'raw/y', 'new', date'2026-01-01'),
               ('profile/f/a', 'bank', 'features/bank', 'a', date'2026-01-01'),
               ('profile/f/b', 'bank', 'features/bank', 'b', date'2026-01-01'),
               ('reference/m', 'bank', 'features/bank', 'm', date'2026-01-01')
               as t(run_id, pipeline, table, slice_run_id, day)
        """);
    tables.put(
        "files",
        """
        values ('y', '2026-01-01', 'old', 1), ('y', '2026-01-01', 'new', 2), ('x', '', 'raw2', 3),
               ('z', '2026-01-01', 'z1', 1), ('z', '2026-01-01', 'z2', 1),
               ('z', '2026-01-01', 'z3', 2), ('z', '2026-01-01', 'z4', 2),
               ('w', '2026-01-01', 'again', 1), ('w', '2026-01-01', 'other', 2), ('w', '2026-01-01', 'again', 3),
               ('u', '2026-01-01', 'one', 1), ('u', '2026-01-01', 'one', 2), ('u', '2026-01-01', 'two', 2)
               as t(source, day, run_id, version)
        """);
    tables.put("checks", "values ('a', 'va'), ('b', 'vb') as t(run_id, validate_id)");
  }

  @Test
  void aRowIsRefusedUntilItIsMendedOrItsCheckIsEdited() {
    validated();
    tables.put(
        "quarantine/x",
        """
        values ('va', 'raw2', 'freed', 'in-range'), ('vb', 'raw2', 'refused', 'in-range'),
               ('vb', 'raw2', 'mended', 'in-range'), ('mark', 'raw2', 'mended', 'mended'),
               ('i', null, 'unread', 'parse'), ('i', null, 'retyped', 'cast'),
               ('mark', null, 'retyped', 'mended') as t(run_id, slice_run_id, _row_id, rule)
        """);

    assertThat(query("select _row_id from quarantine_x order by 1"))
        .containsExactly("[refused]", "[unread]");
  }

  @Test
  void aTableWhoseViewNeedsOthersThatAreNotThereYetIsReadAsItIs() {
    tables.put("quarantine/x", "values ('parse') as t(rule)");

    assertThat(query("select rule from quarantine_x")).containsExactly("[parse]");
  }

  @Test
  void anEntityHasItsLastAnswer() {
    tables.put(
        "labels/my-shop",
        """
        values ('r', date'2026-01-01', 'A', 1, 'no', 0.0), ('s', date'2026-02-01', 'A', 1, 'yes', 1.0),
               ('r', date'2026-01-01', 'A', 2, 'no', 0.0)
               as t(run_id, known_at, `order id`, line, label_text, label)
        """);

    assertThat(query("select `order id`, line, label_text from labels_my_shop order by 2"))
        .containsExactly("[A,1,yes]", "[A,2,no]");
  }

  @Test
  void aRunThatStandsTwiceIsOne() {
    tables.put(
        "runs",
        """
        select 'a' run_id, 'bank' pipeline, 'train' stage, date'2026-01-01' date, 'done' status,
          timestamp'2026-02-01 01:00:00' started_at, ended_at, '' spec_hash, '' code_version,
          array() inputs, array(named_struct('table', 'models', 'version', version)) outputs,
          0 rows_in, 0 rows_out, 0 rows_quarantined, '' message
        from values (1, timestamp'2026-02-01 02:00:00'), (1, timestamp'2026-02-01 02:00:00'),
          (1, timestamp'2026-02-01 03:00:00'), (2, timestamp'2026-02-01 04:00:00') as t(version, ended_at)
        """);

    assertThat(query("select date_format(ended_at, 'HH') from runs order by 1"))
        .containsExactly("[02]", "[04]");
  }

  @Test
  void aRunThatWroteAgainHasOneLastRow() {
    tables.put(
        "runs",
        """
        select 'a' run_id, 'bank' pipeline, 'score' stage, date'2026-01-01' date, 'done' status,
          ended_at started_at, ended_at, '' spec_hash, '' code_version, array() inputs,
          array(named_struct('table', 'scored/bank', 'version', version)) outputs,
          0 rows_in, 0 rows_out, 0 rows_quarantined, '' message
        from values (1, timestamp'2026-02-01 02:00:00'), (3, timestamp'2026-02-01 04:00:00'),
          (2, timestamp'2026-02-01 03:00:00') as t(version, ended_at)
        """);

    assertThat(query("select outputs[0].version from last_runs")).containsExactly("[3]");
  }

  @Test
  void aChampionIsInForceUntilTheNext() {
    tables.put(
        "promotions",
        """
        values ('bank', 1, 'a', date'2026-01-01', '', '', '', 1), ('bank', 2, 'b', date'2026-03-01', '', '', '', 1),
               ('bank', 3, 'c', date'2026-03-01', '', '', '', 1), ('shop', 1, 'd', date'2026-02-01', '', '', '', 1)
               as t(pipeline, position, model_version, effective_from, kind, reason, run_id, promoted_at)
        """);

    assertThat(
            query(
                "select model_version, effective_from, effective_until from champions order by 1"))
        .containsExactly("[a,2026-01-01,2026-03-01]", "[c,2026-03-01,null]", "[d,2026-02-01,null]");
  }

  private List<String> query(String query) {
    LakeViews views =
        new LakeViews(tables.keySet(), table -> session.sql("select * from " + of(table)).schema());
    views.make(
        query,
        (view, table) -> session.sql("select * from " + of(table)).createOrReplaceTempView(view),
        session::sql);
    List<String> rows = new ArrayList<>();
    session.sql(query).collectAsList().forEach(row -> rows.add(row.toString()));
    return rows;
  }

  private String of(String table) {
    return "(" + tables.get(table).replaceFirst("^\\s*values", "select * from values") + ")";
  }
}
