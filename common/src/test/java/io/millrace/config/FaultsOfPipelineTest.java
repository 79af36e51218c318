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

/** Faults of records that bind but can't be meant. */
class FaultsOfPipelineTest {

  @TempDir Path folder;

  static Stream<Arguments> sources() {
    return Stream.of(
        arguments("data/*.csv", "''", "path: an empty path; name the files"),
        arguments(
            "data/*.csv",
            "data/{day}.csv",
            "path: {day} is neither {date} nor {month}; write one of them, or * for any text"),
        arguments("key: [id]", "key: [id, id]", "key[1]: id stands in the list twice; keep one"),
        arguments(
            "time: day",
            "time: day\n    header: false",
            "columns: missing; files without a header need the names of columns"),
        arguments("\";\"", "\"||\"", "separator: expected one character or \\t, found \"||\""),
        arguments("\";\"", "\"\"", "separator: expected one character or \\t, found \"\""),
        arguments(
            "time: day",
            "time: day\n    quote: ab",
            "quote: expected one character or an empty text, found \"ab\""),
        arguments(
            "time: day",
            "time: day\n    quote: \";\"",
            "quote: the same as the separator; change one"),
        arguments(
            "time: day",
            "time: day\n    encoding: utf-9",
            "encoding: unknown: utf-9; UTF-8 or ISO-8859-1?"),
        arguments(
            "time: day",
            "time: day\n    types: {day: double}",
            "types.day: the time column as double; make it date or timestamp"),
        format("YYYY-MM-DD", "yyyy is the year, dd the day of the month"),
        format("yyyy-mm-dd", "MM is the month, mm the minute"),
        format("dd/MM/yyyy hh:mm", "HH is the hour of the day, hh needs a for am or pm"),
        format(
            "yyyy-MM-dd'T",
            "Java says: Pattern ends with an incomplete string literal: yyyy-MM-dd'T"),
        format("EEE dd MMM yyyy", "Spark can't parse by the letter E"),
        arguments(
            "time: day",
            "time: day\n    formats: {day: ''}",
            "formats.day: an empty pattern; write one like dd/MM/yyyy HH:mm"),
        arguments(
            "time: day",
            "time: day\n    types: {n: long}\n    formats: {n: yyyy}",
            "formats.n: a pattern for a long; declare the type date or timestamp"));
  }

  private static Arguments format(String pattern, String mend) {
    String yaml = "time: day\n    formats: {day: \"" + pattern + "\"}";
    String fault = "formats.day: a pattern that can't be meant: " + pattern + "; " + mend;
    return arguments("time: day", yaml, fault);
  }

  @ParameterizedTest
  @MethodSource("sources")
  void namesFaultsOfASource(String right, String wrong, String message) {
    assertThat(SpecFiles.faults(folder, SpecFiles.bank(right, wrong), Map.of()))
        .isEqualTo("bank.yaml: sources.clients." + message);
  }

  static Stream<Arguments> pipelines() {
    return Stream.of(
        arguments(
            "pipeline: bank",
            "pipeline: Bank 1",
            "pipeline: a name that can't name tables: Bank 1; use a to z, digits and hyphens, a"
                + " letter first, at most 90 characters"),
        arguments(
            "sources:\n",
            "sources:\n  a b: {kind: csv, path: x}\n",
            "sources.a b: a name that can't name a table; use letters, digits, _ and -, a letter"
                + " first"),
        arguments(
            "source: clients",
            "source: client",
            "population.source: no source client; did you mean clients?"),
        arguments(
            "kind: column, column",
            "kind: source, source: late, column",
            "label.source: no source late; known sources: clients"),
        arguments(
            "    time: day\n",
            "",
            "population.per: event needs a time, and clients has none; add sources.clients.time,"
                + " the column that says when a row happened"),
        arguments(
            "entity: [id]",
            "entity: [idd]",
            "entity[0]: idd is not in the key of clients; did you mean id?"),
        arguments("entity: [id]", "entity: ['']", "entity[0]: an empty name; name a column"),
        arguments(
            "key: [id]",
            "key: [id]\n    header: false\n    columns: [id, day, agge, job, pdays, y]",
            "features.columns[0]: no column age; did you mean agge?"),
        arguments(
            "columns: [age, job, pdays]",
            "columns: [age, job, y]",
            "features.columns[2]: y is the label, which no feature may know; take it away"),
        arguments(
            "pdays = -1",
            "CASE WHEN `Y` = 'x' THEN 1 END",
            "features.expressions.never: y is the label, which no feature may know; take it away"),
        arguments(
            "pdays = -1", "(pdays", "features.expressions.never: a ( that isn't closed; mend it"),
        arguments(
            "pdays = -1",
            "job = 'x",
            "features.expressions.never: a ' that isn't closed; close it"),
        arguments(
            "pdays = -1",
            "datediff(current_date, day)",
            "features.expressions.never: current_date gives another value on every run; use a"
                + " column instead"),
        arguments("pdays = -1", " ", "features.expressions.never: an empty expression; write one"),
        arguments(
            "{never:",
            "{Age:",
            "features.expressions.Age: the feature Age is also made at features.columns[0]; rename"
                + " one"),
        arguments(
            "{never:",
            "{n o:",
            "features.expressions.n o: a name that Delta can't store; use letters, digits and _"),
        arguments(
            "{never:",
            "{date:",
            "features.expressions.date: the table has a column date of its own; use another name"),
        arguments(
            "columns: [age,",
            "exclude: [age]\n  columns: [age,",
            "features.exclude[0]: age is both in columns and in exclude; keep one"),
        arguments(
            "columns: [age,",
            "columns: [age, job,",
            "features.columns[2]: job stands in the list twice; keep one"),
        arguments(
            "columns: [age,",
            "date-parts: {day: []}\n  columns: [age,",
            "features.date-parts.day: no part; name some of year, quarter, month, day-of-month,"
                + " day-of-week, day-of-year, week-of-year, hour, minute, days-since-epoch"),
        arguments(
            "columns: [age,",
            "kinds: {jobb: category}\n  columns: [age,",
            "features.kinds.jobb: no feature jobb; did you mean job?"),
        arguments(
            "positive: yes",
            "task: multi-class, positive: yes",
            "label.positive: only for task binary, not multi-class; take it away or change the"
                + " task"),
        arguments(
            "positive: yes",
            "negative: no",
            "label.negative: without positive; add the value that counts as positive"),
        arguments(
            "positive: yes",
            "positive: yes, negative: yes",
            "label.negative: the same as positive; change one"),
        arguments(
            "kind: column, column: y",
            "kind: expression, expression: y > 1, columns: [z]",
            "label.columns[0]: the expression doesn't read z; correct the name or take it away"),
        arguments(
            "kind: column, column: y",
            "kind: expression, expression: y > 1, columns: []",
            "label.columns: empty; name the columns that the expression reads"),
        arguments(
            "train: 0.7, tune",
            "train: 0.71, tune",
            "split: train, tune and test sum to 1.01; make them sum to 1"));
  }

  @ParameterizedTest
  @MethodSource("pipelines")
  void namesFaultsOfAPipeline(String right, String wrong, String message) {
    assertThat(SpecFiles.faults(folder, SpecFiles.bank(right, wrong), Map.of()))
        .isEqualTo("bank.yaml: " + message);
  }

  @Test
  void refusesATimeSplitOfOneMoment() {
    String yaml =
        SpecFiles.bank("    time: day\n", "")
            .replace("per: event", "per: entity")
            .replace("by-hash", "by-time");

    assertThat(SpecFiles.faults(folder, yaml, Map.of()))
        .isEqualTo(
            "bank.yaml: split.kind: by-time, but all rows are of one moment; use by-hash, or more"
                + " dates by train.history");
  }

  @Test
  void refusesALateLabelWithoutAnEntity() {
    String yaml =
        SpecFiles.bank("entity: [id]", "entity: []")
            .replace("kind: column,", "kind: source, source: late,")
            .replace("sources:\n", "sources:\n  late: {kind: csv, path: x}\n");

    assertThat(SpecFiles.faults(folder, yaml, Map.of()))
        .isEqualTo(
            "bank.yaml: entity: empty, but the label is joined by it; name the columns of both");
  }

  @Test
  void refusesAnEntityThatTheTablesCantHold() {
    String yaml =
        SpecFiles.bank("entity: [id]", "entity: [date]").replace("key: [id]", "key: [date]");

    assertThat(SpecFiles.faults(folder, yaml, Map.of()))
        .isEqualTo(
            "bank.yaml: entity[0]: the tables have a column date of their own; rename it in the"
                + " files");
  }

  @Test
  void namesFaultsOfAnEnvFile() {
    Path file =
        SpecFiles.write(folder, "x.yaml", "lake: ''\nheap: 6 GB\nspark: {sprk.a: 1}\nmastr: x\n");

    assertThat(SpecFiles.message(folder, () -> SpecReader.env(file, SpecFiles.NONE)))
        .isEqualTo("x.yaml: mastr: unknown key; did you mean master?");
    SpecFiles.write(folder, "x.yaml", "lake: ''\nheap: 6 GB\nspark: {sprk.a: 1}\n");
    assertThat(SpecFiles.message(folder, () -> SpecReader.env(file, SpecFiles.NONE)))
        .isEqualTo(
            """
            x.yaml: lake: an empty path; name the folder or URI of the lake
            x.yaml: heap: no size: 6 GB; write it like 6g
            x.yaml: spark.sprk.a: no Spark setting; they all start with spark.\
            """);
  }
}
