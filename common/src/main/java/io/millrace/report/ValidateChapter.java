package io.millrace.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Checks of the date's rows, failed ones first, and what was put into quarantine, by rule. */
record ValidateChapter(List<Check> checks, int left, List<Rule> rules) {

  private static final int MOST = 100;

  /** A check of one slice of a source. */
  record Check(
      String source,
      String check,
      String column,
      Level level,
      String verdict,
      String onFail,
      String expected,
      String found,
      double broken,
      double rows,
      String message) {}

  /** Refused rows of one source, rule and column, with samples. */
  record Rule(String source, String rule, String column, double rows, List<Sample> samples) {}

  /** A refused row. */
  record Sample(String value, String reason, String row) {}

  static ValidateChapter of(Facts facts, Hidden hidden, int samples) {
    List<Check> checks = new ArrayList<>();
    latest(facts).forEach(row -> checks.add(check(row, hidden)));
    checks.sort(
        Comparator.comparing(Check::level, Comparator.reverseOrder()).thenComparing(Check::source));
    int most = Math.min(MOST, checks.size());
    return new ValidateChapter(
        List.copyOf(checks.subList(0, most)), checks.size() - most, rules(facts, hidden, samples));
  }

  /** Of a slice that was checked again only the last run's verdicts, in the order of the table. */
  private static Iterable<Row> latest(Facts facts) {
    Map<String, List<Row>> slices = new TreeMap<>();
    facts
        .ofDate("checks")
        .forEach(row -> slices.computeIfAbsent(slice(row), k -> new ArrayList<>()).add(row));
    Map<String, Row> found = new LinkedHashMap<>();
    slices.forEach(
        (slice, rows) ->
            facts
                .ofLastRun(rows.stream())
                .forEach(
                    row ->
                        found.put(
                            slice + "\n" + row.text("check") + "\n" + row.text("column"), row)));
    return found.values();
  }

  private static String slice(Row row) {
    return row.text("source") + "\n" + row.text("slice_run_id");
  }

  private static Check check(Row row, Hidden hidden) {
    boolean passed = row.isTrue("passed");
    String column = row.text("column");
    String onFail = row.text("on_fail");
    Level level = passed ? Level.OK : onFail.equals("stop") ? Level.STOP : Level.WARN;
    return new Check(
        row.text("source"),
        row.text("check"),
        column,
        level,
        passed ? "passed" : "failed",
        onFail,
        hidden.of(column, row.text("expected")),
        hidden.of(column, Format.number(row.number("value"))),
        row.number("broken"),
        row.number("rows"),
        hidden.of(column, row.text("message")));
  }

  private static List<Rule> rules(Facts facts, Hidden hidden, int samples) {
    Map<List<String>, List<Row>> grouped = new LinkedHashMap<>();
    for (Row row : facts.rows(ReportSource.QUARANTINE)) {
      List<String> key = List.of(row.text("source"), row.text("rule"), row.text("column"));
      grouped.computeIfAbsent(key, k -> new ArrayList<>()).add(row);
    }
    List<Rule> rules = new ArrayList<>();
    grouped.forEach(
        (key, rows) ->
            rules.add(
                new Rule(
                    key.get(0),
                    key.get(1),
                    key.get(2),
                    rows.get(0).number("rows"),
                    rows.stream().limit(samples).map(row -> sample(row, hidden)).toList())));
    rules.sort(
        Comparator.comparingDouble(Rule::rows)
            .reversed()
            .thenComparing(Rule::source)
            .thenComparing(Rule::rule)
            .thenComparing(Rule::column));
    return rules;
  }

  private static Sample sample(Row row, Hidden hidden) {
    String column = row.text("column");
    return new Sample(
        hidden.of(column, row.text("value")),
        hidden.of(column, row.text("reason")),
        hidden.ofRow(row, "row"));
  }

  long failed() {
    return checks.stream().filter(check -> check.level() != Level.OK).count();
  }

  int all() {
    return checks.size() + left;
  }

  Level level() {
    return checks.stream().map(Check::level).reduce(Level.NONE, Level::or);
  }

  /** Rows that were refused; a row with two faults counts twice. */
  double refused() {
    return rules.stream().mapToDouble(Rule::rows).filter(Double::isFinite).sum();
  }
}
